"""Headers of requests that Django misreads or fails on, before any view or middleware could answer."""

import re

# A parameter in the notation of RFC 2231, such as x*=utf-8''a, and a character set. No browser sends the
# first one in these headers, nor another character set than UTF-8, which is the default.
ODD_PARAMETER = re.compile(r";[^;,=]*\*[^;,]*|;\s*charset\s*=[^;,]*", re.IGNORECASE)
NAMES = ("CONTENT_TYPE", "HTTP_ACCEPT")
# What our cookies consist of. A backslash begins an escape, such as of a NUL, on which PostgreSQL fails. And
# Django strips any white space from a name, so neighboring sites could make up cookies with `__Host-`.
PLAIN = re.compile(r"[\t\x20-\x5b\x5d-\x7e]*")


def clean_headers(environ):
    """Remove odd cookies from a WSGI environment, and parameters that Python's parser may fail on."""
    for name in NAMES:
        if ";" in (value := environ.get(name, "")):
            environ[name] = ODD_PARAMETER.sub("", value)
    if not PLAIN.fullmatch(cookies := environ.get("HTTP_COOKIE", "")):
        environ["HTTP_COOKIE"] = ";".join(filter(PLAIN.fullmatch, cookies.split(";")))
