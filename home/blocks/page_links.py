"""Links from rich text to pages and files of this site: only to what anybody may read."""

import re
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.documents.rich_text import DocumentLinkHandler as StockDocumentLinkHandler
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler as StockPageLinkHandler

from home.privacy import is_hidden
from home.querysets import BasePageQuerySet

__all__ = ["DocumentLinkHandler", "PageLinkHandler", "looked_up_together"]

LINK = re.compile(r'<a\b[^>]*linktype="page"[^>]*>')
# What a database can hold.
NUMBER = re.compile(r"[0-9]{1,18}")
PAGE_ID = re.compile(r'\bid="([^"]*)"')

# Pages by id as text, while a text that holds many pieces of rich text is rendered.
known_pages = ContextVar("known_pages", default=None)


@contextmanager
def looked_up_together(text):
    """
    Find the pages that all of a text links to at once; what is rendered within asks no more.

    :param text: any text in which rich text stands as it is stored.
    """
    ids = {found for link in LINK.findall(text) for found in PAGE_ID.findall(link)}
    token = known_pages.set(public_pages(ids))
    try:
        yield
    finally:
        known_pages.reset(token)


class PageLinkHandler(StockPageLinkHandler):
    """As Wagtail's, in one query; the words of a link to a page that is not public stay without a link."""

    @classmethod
    def get_many(cls, attrs_list):
        ids = {attrs.get("id", "") for attrs in attrs_list}
        pages = known_pages.get()
        if pages is None or not ids <= pages.keys():
            pages = public_pages(ids)
        return [pages[attrs.get("id", "")] for attrs in attrs_list]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        return [
            f'<a href="{escape(address_of(page))}">' if page else "<a>" for page in cls.get_many(attrs_list)
        ]


class DocumentLinkHandler(StockDocumentLinkHandler):
    """Wagtail's handler, but a link to a file that a restriction hides keeps only its words."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        return [
            f'<a href="{escape(file.url)}">' if file and file.is_open else "<a>"
            for file in cls.get_many(attrs_list)
        ]


def public_pages(ids):
    """The pages with these ids, given as text, by id; None for those that not everybody may read."""
    numbers = {each: int(each) for each in ids if NUMBER.fullmatch(each)}
    if not numbers:
        return dict.fromkeys(ids)
    found = BasePageQuerySet(Page).for_visitors().select_related("locale").in_bulk(numbers.values())
    return {each: found.get(numbers.get(each)) for each in ids}


def address_of(page):
    """Where the page is, in the language of the reader if it is there."""
    in_language = page if page.locale.language_code == get_language() else page.localized
    return page.url if is_hidden(in_language) else in_language.url
