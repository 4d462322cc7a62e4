"""
Read pages of other sites: their words, and the addresses of what they need. Nothing here imports Django; it
runs in the child process. No script is run.
"""

import re
from contextlib import suppress
from urllib.parse import urldefrag, urljoin, urlsplit

# Addresses of one page or stylesheet.
MAX_PARTS = 60
MAX_CHARACTERS = 200_000
LONGEST = 2000
# An article with fewer characters is only a part of what the page says.
ARTICLE = 500

BLOCKS = (
    *("address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "figcaption"),
    *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav"),
    *("ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
)
WITHOUT_WORDS = (
    "button",
    "iframe",
    "nav",
    "noscript",
    "object",
    "script",
    "select",
    "style",
    "svg",
    "template",
)
# Marks the start and the end of a block. In a text of its own, it would only begin a paragraph.
BLOCK = "\ue000"
SPACES, BLOCK_ENDS = re.compile(r"\s+"), re.compile(rf"(?:\s*{BLOCK}\s*)+")
IN_STYLES = re.compile(
    rf"""(?:url\(\s*|@import\s+)(?:"([^"\n]{{1,{LONGEST}}})"|'([^'\n]{{1,{LONGEST}}})'|([^\s"'()]{{1,{LONGEST}}})\s*\))"""
)
FONTS = (".eot", ".otf", ".ttf", ".woff", ".woff2")
# How publishers tell search engines that they show the whole text to subscribers only.
PAID = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)


def read_web_page(file, url, charset=None):
    """
    Job: return the title and the text of a page, whether its publisher says that it is for subscribers only,
    and the addresses of its styles and images.

    :param charset: the encoding that the other site told, if any.
    """
    from bs4 import BeautifulSoup

    page = BeautifulSoup(file.read(), "html.parser", from_encoding=charset)
    # Before parts without words are removed.
    parts = list(addresses_in(page, url))
    is_paid = any(PAID.search(each.string or "") for each in page("script", type="application/ld+json"))
    title = SPACES.sub(" ", page.title.get_text()).strip() if page.title else ""
    return {"title": title, "text": words_of(page)[:MAX_CHARACTERS], "is_paid": is_paid, "parts": parts}


def read_stylesheet(file, url):
    """Job: return the addresses of the styles and images that a stylesheet needs."""
    return tidy_addresses(in_styles(file.read().decode(errors="replace")), url)


def words_of(page):
    """Return the words of a page as text, with an empty line between blocks."""
    for tag in page(WITHOUT_WORDS):
        tag.decompose()
    whole = page.body or page
    for tag in whole(BLOCKS):
        tag.insert(0, BLOCK)
        tag.append(BLOCK)
    article = page.find("main") or page.find("article")
    words = text_of(article) if article else ""
    return words if len(words) >= ARTICLE else text_of(whole)


def text_of(tag):
    text = SPACES.sub(" ", "".join(tag.strings))
    return BLOCK_ENDS.sub("\n\n", text).strip()


def addresses_in(page, url):
    """Return the addresses of the styles of a page, then those of its images."""
    with suppress(ValueError):
        url = urljoin(url, page.find("base", href=True)["href"]) if page.find("base", href=True) else url
    styles = [link["href"] for link in page("link", rel="stylesheet", href=True)]
    images = [address for image in page(["img", "source"]) for address in of_image(image)]
    inline = [each.string or "" for each in page("style")] + [each["style"] for each in page(style=True)]
    return tidy_addresses([*styles, *(found for text in inline for found in in_styles(text)), *images], url)


def of_image(image):
    """Yield the address of an image, and the first one of several sizes. Lazy pages name it elsewhere."""
    yield from filter(None, (image.get(name, "").strip() for name in ("src", "data-src")))
    if sizes := image.get("srcset", "").split():
        yield sizes[0].rstrip(",")


def in_styles(text):
    return [next(filter(None, found)) for found in IN_STYLES.findall(text)]


def tidy_addresses(found, url):
    """Return the first of these addresses, complete, once each, without those of fonts and data."""
    tidied = {}
    for address in found:
        try:
            full = urldefrag(urljoin(url, address)).url
            parts = urlsplit(full)
        except ValueError:
            continue
        is_wanted = parts.scheme in ("http", "https") and not parts.path.lower().endswith(FONTS)
        if is_wanted and len(full) <= LONGEST:
            tidied[full] = None
    return list(tidied)[:MAX_PARTS]
