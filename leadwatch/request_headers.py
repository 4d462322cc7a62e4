"""Headers of requests on which Django fails before any view or middleware could answer."""

import re

# A parameter in the notation of RFC 2231, such as x*=utf-8''a, and a character set. No browser sends the
# first one in these headers, nor another character set than UTF-8, which is the default.
ODD_PARAMETER = re.compile(r";[^;,=]*\*[^;,]*|;\s*charset\s*=[^;,]*", re.IGNORECASE)
NAMES = ("CONTENT_TYPE", "HTTP_ACCEPT")


def clean_headers(environ):
    """Remove from a WSGI environment the parameters of headers that Python's parser may fail on."""
    for name in NAMES:
        if ";" in (value := environ.get(name, "")):
            environ[name] = ODD_PARAMETER.sub("", value)
