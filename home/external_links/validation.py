"""Addresses that links may have: without the detours of other programs, and never into the admin."""

import re
from html import unescape
from unicodedata import normalize
from urllib.parse import parse_qs, unquote, urlsplit

from bs4 import BeautifulSoup
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http.request import validate_host
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

__all__ = [
    "PublicURLField",
    "PublicURLFormField",
    "clean_links",
    "direct",
    "is_link",
    "keep_attribute",
    "leads_somewhere",
    "leads_to_the_admin",
    "link_for_visitors",
    "validate_link",
    "validate_not_admin",
]

# Browsers ignore these within an address and around it.
IGNORED = re.compile("[\t\n\r]|^[\x00-\x20]+|[\x00-\x20]+$")
# A dot before the colon is that of a host with a port.
SCHEME = re.compile(r"([a-z][a-z0-9+-]*):", re.IGNORECASE)
SCHEMES = {"http", "https", "mailto", "tel"}
# Programs that watch which links are followed: the host, the path, and the parameter that holds the address.
DETOURS = [
    (re.compile(r"(.+\.)?google\.[a-z]{2,3}(\.[a-z]{2})?"), "/url", ("q", "url")),
    (re.compile(r".+\.safelinks\.protection\.(outlook|office365)\.(com|us)"), "/", ("url",)),
    (re.compile(r"lm?\.(facebook|instagram)\.com"), "/", ("u",)),
    (re.compile(r"(www\.)?youtube\.com"), "/redirect", ("q",)),
]
MOST_DETOURS = 5
# Places within a document of a word processor: footnotes, comments, headings.
PLACE_IN_A_DOCUMENT = re.compile(
    r"#(?:_|$|(?:sd)?(?:foot|end)note|(?:ftn|edn|cmnt|msocom|fn|cite_)|(?:heading|bookmark)=|(?:h|id)\.)",
    re.IGNORECASE,
)
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)

INTO_THE_ADMIN = _("This address leads to where only editors may go. Give the address of the page itself.")


def direct(address):
    """The address without the detours through programs that watch which links are followed."""
    for _detour in range(MOST_DETOURS):
        target = _behind(address)
        if not target:
            break
        address = target
    return address


def _behind(address):
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    for host, path, names in DETOURS:
        if host.fullmatch(parts.hostname or "") and parts.path.startswith(path):
            query = parse_qs(parts.query)
            targets = (query[name][0] for name in names if name in query)
            return next((target for target in targets if target.startswith(("http:", "https:"))), None)
    return None


def leads_to_the_admin(address):
    """
    Whether an address is one of the admin or the sign-in of this site, such as that of a preview.

    Read as browsers read it: they take backslashes for slashes, resolve dots and decode percent signs.
    """
    address = direct(IGNORED.sub("", address or ""))
    scheme = SCHEME.match(address)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return False
    rest = re.split("[?#]", address[scheme.end() :] if scheme else address, maxsplit=1)[0].replace("\\", "/")
    if not rest.startswith("//") and _is_of_the_admin(rest):
        return True
    if not scheme and not rest.startswith("//"):
        return False
    host, _slash, path = rest.lstrip("/").partition("/")
    return _is_here(host) and _is_of_the_admin(path)


def _is_here(host):
    host = normalize("NFKC", unquote(host)).rpartition("@")[2].lower()
    host = re.sub(r":\d*$", "", host).rstrip(".").removeprefix("www.")
    known = [urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname, *settings.ALLOWED_HOSTS, *LOOPBACK]
    return validate_host(host, [name.removeprefix("www.") for name in known if name != "*"])


def _is_of_the_admin(path):
    for _time in range(MOST_DETOURS):
        path = unquote(path)
    parts = _parts(path)
    sign_in = _parts(reverse("wagtailcore_login"))[:-1]
    return any(parts[: len(begin)] == begin for begin in (_parts(reverse("wagtailadmin_home")), sign_in))


def _parts(path):
    """The parts of a path in lower case, with dots resolved and without the language."""
    parts = []
    for part in path.casefold().split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return parts[1:] if parts and parts[0] in dict(settings.LANGUAGES) else parts


def is_link(address):
    """Whether an address leads outward to where a visitor may be sent: a web page, or a mail address."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return False
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname) and not leads_to_the_admin(address)
    return parts.scheme == "mailto" and "@" in parts.path


def validate_link(address):
    """Raise ValidationError unless `is_link`."""
    validate_not_admin(address)
    if not is_link(address):
        raise ValidationError(_("Begin the address with https://, http:// or mailto:"), code="invalid_link")


def validate_not_admin(address):
    """Raise ValidationError if the address leads to the admin."""
    if leads_to_the_admin(address):
        raise ValidationError(INTO_THE_ADMIN, code="admin_link")


def leads_somewhere(address):
    """Whether an address could be one that a visitor may follow: a path of this site, or a whole address."""
    if not address:
        return False
    if address.startswith(("/", "#", "tel:")):
        return not address.startswith("//")
    # "https://https//…" and "https://localhost/" have a host without a dot.
    return is_link(address) and (address.startswith("mailto:") or "." in urlsplit(address).hostname)


def link_for_visitors(address):
    """
    Where a link of a text may lead: the address without detours; "" for the admin, for places in somebody's
    own document, and for what is no address of the web.
    """
    plain = IGNORED.sub("", address or "")
    scheme = SCHEME.match(plain)
    if (scheme and scheme[1].lower() not in SCHEMES) or PLACE_IN_A_DOCUMENT.match(plain):
        return ""
    return "" if leads_to_the_admin(plain) else direct(address)


def keep_attribute(tag, name, value):
    """The value of an attribute of HTML; None drops it. For nh3."""
    return link_for_visitors(value) or None if name == "href" else value


def clean_links(html):
    """Rich text in which each link is `link_for_visitors`; of those that lead nowhere the words stay."""
    hrefs = [unescape(next(filter(None, found), "")) for found in HREF.findall(html)]
    if all(link_for_visitors(href) == href != "" for href in hrefs):
        return html
    tree = BeautifulSoup(html, "html.parser")
    for link in tree.find_all("a", href=True):
        if target := link_for_visitors(link["href"]):
            link["href"] = target
        else:
            link.unwrap()
    return str(tree)


class PublicURLFormField(forms.URLField):
    default_validators = [*forms.URLField.default_validators, validate_not_admin]

    def to_python(self, value):
        return direct(super().to_python(value))


class PublicURLField(models.URLField):
    """The address of something that visitors are sent to; migrations know it as a URLField."""

    default_validators = [*models.URLField.default_validators, validate_not_admin]

    def to_python(self, value):
        value = super().to_python(value)
        return direct(value) if value else value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PublicURLFormField} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
