"""Describe a page of a record for oEmbed: its image, or words that are quoted from it."""

import re
from urllib.parse import quote

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import override

from home.models import DocumentPage, FilePage

PAGE = re.compile(r"(?P<record>[^?#]*/)pages/(?P<number>[1-9]\d{0,3})/(?P<rest>[?#].*)?", re.DOTALL)


def without_page(url):
    """Split the URL of a page of a record into that of the record and the number; 0 for any other URL."""
    match = PAGE.fullmatch(url)
    return (match["record"] + (match["rest"] or ""), int(match["number"])) if match else (url, 0)


def describe_page(record, number, query, most):
    """
    Return the fields of a photo, or of rich text for a query in quotation marks that is on the page, or None.

    :param most: the greatest width and height in pixels.
    """
    if not isinstance(record, DocumentPage) or not record.page_count:
        return None
    page = FilePage.objects.of(record.file).drawn().filter(number=number).first()
    if page is None:
        return None
    with override(record.locale.language_code):
        title = _("Page %(number)s of “%(title)s”") % {"number": number, "title": record.title}
    words = query.strip('"')
    if query.startswith('"') and page.boxes_of(words):
        address = f"{record.address_of_page(number, full=True)}?q=%22{quote(words)}%22"
        html = '<blockquote><p>“{}”</p><p><a href="{}">{}</a></p></blockquote>'
        width, height = most
        html = format_html(html, words, address, title)
        return {"type": "rich", "title": title, "html": html, "width": width, "height": height}
    return {"type": "photo", "title": title} | photo(page, most, record.get_site().root_url)


def photo(page, most, root):
    """Return the URL and the size of the image of a page: the smaller one if that is large enough."""
    scale = min(1, most[0] / page.width, most[1] / page.height)
    width, height = round(page.width * scale), round(page.height * scale)
    path = next((path for path, own in reversed(page.images) if own >= width), page.images[0][0])
    return {"url": root + path, "width": width, "height": height}
