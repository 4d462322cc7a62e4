"""Complete addresses that people type without their beginning."""

import re

# A name with a dot, and perhaps a port and a path: "www.example.org", "//example.org:8000/a?b".
HOST = re.compile(r"(?://)?(?:[\w-]+\.)+[^\W\d_]{2,}\.?(?::\d+)?(?:[/?#]\S*)?")
EMAIL = re.compile(r"[^\s@:/?#]+@(?:[\w-]+\.)+[^\W\d_]{2,}")


def complete_url(address):
    """Return an address with https:// if it begins with the name of a site; any other address unchanged."""
    plain = address.strip()
    return f"https://{plain.removeprefix('//')}" if HOST.fullmatch(plain) else address


def complete_www(address):
    """Return an address with https:// if it begins with "www."; any other address unchanged."""
    return complete_url(address) if address.strip()[:4].lower() == "www." else address


def complete_link(address):
    """Return an address as `complete_url`, and an email address with mailto:"""
    plain = address.strip()
    return f"mailto:{plain}" if EMAIL.fullmatch(plain) else complete_url(address)
