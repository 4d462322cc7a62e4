"""Find the pages that rich text links to. Only pages that everybody may read are found."""

import re
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import get_language
from wagtail.models import Page

from home.privacy import is_hidden
from home.querysets import BasePageQuerySet

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


def linked_pages(ids):
    """Return public pages by their id as text, from what `looked_up_together` found if it has them all."""
    pages = known_pages.get()
    return pages if pages is not None and ids <= pages.keys() else public_pages(ids)


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
