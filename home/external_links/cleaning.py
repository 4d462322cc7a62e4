"""Remove links that visitors can't follow from rich text and HTML."""

import re
from html import unescape

from bs4 import BeautifulSoup

from home.external_links.completing import complete_www
from home.external_links.unwrapping import unwrap_url
from home.external_links.validation import IGNORED, SCHEME, leads_to_the_admin

SCHEMES = {"http", "https", "mailto", "tel"}
# Anchors that word processors make: footnotes, comments, headings.
WORD_PROCESSOR_ANCHOR = re.compile(
    r"#(?:_|$|(?:sd)?(?:foot|end)note|(?:ftn|edn|cmnt|msocom|fn|cite_)|(?:heading|bookmark)=|(?:h|id)\.)",
    re.IGNORECASE,
)
HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)


def link_for_visitors(address):
    """
    Return the address of a link, complete and unwrapped; "" if it leads to the admin or to a word processor's
    anchor, or if its scheme is not allowed.
    """
    address = complete_www(address or "")
    plain = IGNORED.sub("", address)
    scheme = SCHEME.match(plain)
    if (scheme and scheme[1].lower() not in SCHEMES) or WORD_PROCESSOR_ANCHOR.match(plain):
        return ""
    return "" if leads_to_the_admin(plain) else unwrap_url(address)


def keep_attribute(tag, name, value):
    """Return the value of an HTML attribute, or None to drop it. An `attribute_filter` of nh3."""
    return link_for_visitors(value) or None if name == "href" else value


def clean_links(html):
    """Return rich text with each address as `link_for_visitors`; links without one become plain text."""
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
