"""Which addresses a link may have. No link of a public page may lead to the admin."""

import re
from functools import cache
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http.request import validate_host
from django.urls import get_urlconf, reverse
from django.utils.translation import gettext_lazy as _

from home.external_links.unwrapping import MAX_WRAPPERS, unwrap_url

# Characters that browsers ignore in an address and around it.
IGNORED = re.compile("[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")
# Without dots: "example.org:8000" is a host with a port.
SCHEME = re.compile(r"([a-z][a-z0-9+-]*):", re.IGNORECASE)
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]

ADMIN_MESSAGE = _(
    "This address leads to a page that only editors can open. Use the address of the public page."
)


def leads_to_the_admin(address):
    """
    Return whether an address is in the admin or the sign-in of this site, such as that of a preview.

    It is read as browsers read it: backslashes count as slashes, dots are resolved, and percent signs are
    decoded.
    """
    address = IGNORED.sub("", address or "")
    if "%" not in address and not any(part in address.casefold() for part in _first_parts(get_urlconf())):
        # Nearly all addresses. The rest of this function takes many times longer.
        return False
    address = unwrap_url(address)
    scheme = SCHEME.match(address)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return False
    rest = re.split("[?#]", address[scheme.end() :] if scheme else address, maxsplit=1)[0].replace("\\", "/")
    if not rest.startswith("//") and _is_admin_path(rest):
        return True
    if not scheme and not rest.startswith("//"):
        return False
    host, _slash, path = rest.lstrip("/").partition("/")
    return _is_this_site(host) and _is_admin_path(path)


@cache
def _first_parts(_urlconf):
    """Return the texts with which the paths of the admin and of the sign-in begin."""
    return {_parts(reverse(name))[0] for name in ("wagtailadmin_home", "wagtailcore_login")}


def _is_this_site(host):
    host = normalize("NFKC", unquote(host)).rpartition("@")[2].lower()
    host = re.sub(r":\d*$", "", host).rstrip(".").removeprefix("www.")
    known = [urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname, *settings.ALLOWED_HOSTS, *LOOPBACK]
    return validate_host(host, [name.removeprefix("www.") for name in known if name != "*"])


def _is_admin_path(path):
    for _layer in range(MAX_WRAPPERS):
        path = unquote(path)
    parts = _parts(path)
    sign_in = _parts(reverse("wagtailcore_login"))[:-1]
    return any(parts[: len(begin)] == begin for begin in (_parts(reverse("wagtailadmin_home")), sign_in))


def _parts(path):
    """Return the segments of a path in lower case, with dots resolved and without the language prefix."""
    parts = []
    for part in path.casefold().split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return parts[1:] if parts and parts[0] in dict(settings.LANGUAGES) else parts


def is_link(address):
    """Return whether an address is a full web or email address outside of the admin."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname) and not leads_to_the_admin(address)
    return parts.scheme == "mailto" and "@" in parts.path


def validate_link(address):
    validate_not_admin(address)
    if not is_link(address):
        raise ValidationError(_("Begin the address with https://, http:// or mailto:"), code="invalid_link")


def validate_not_admin(address):
    if leads_to_the_admin(address):
        raise ValidationError(ADMIN_MESSAGE, code="admin_link")


def leads_somewhere(address):
    """Return whether a visitor could follow an address: a path of this site or a full address."""
    if not address:
        return False
    if address.startswith(("/", "#", "tel:")):
        return not address.startswith("//")
    # A host without a dot is a mistake, as in "https://https//…", or local, as in "https://localhost/".
    return is_link(address) and (address.startswith("mailto:") or "." in urlsplit(address).hostname)
