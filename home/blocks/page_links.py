"""Find the pages that rich text links to. Only pages that everybody may read are found."""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.utils.translation import get_language
from wagtail.models import Locale, Page

from home.kept.prepared import Parameters, Prepared
from home.privacy import hidden_paths, is_hidden
from home.querysets import BasePageQuerySet

LINK = re.compile(r'<a\b[^>]*linktype="page"[^>]*>')
# An id that every database can compare.
NUMBER = re.compile(r"[0-9]{1,18}")
PAGE_ID = re.compile(r'\bid="([^"]*)"')

# Pages by id (as text), while a body with many pieces of rich text is rendered.
prefetched_pages = ContextVar("prefetched_pages", default=None)


@contextmanager
def pages_prefetched(text):
    """Find all pages that stored rich text links to in one query; rendering it in the block takes no more."""
    ids = {found for link in LINK.findall(text) for found in PAGE_ID.findall(link)}
    token = prefetched_pages.set(public_pages(ids))
    try:
        yield
    finally:
        prefetched_pages.reset(token)


def linked_pages(ids):
    """Return `public_pages`, without a query if `pages_prefetched` has them all."""
    pages = prefetched_pages.get()
    return pages if pages is not None and ids <= pages.keys() else public_pages(ids)


def public_pages(ids):
    """Return a dictionary of pages by their id as text; None for those that not everybody may read."""
    numbers = {each: int(each) for each in ids if NUMBER.fullmatch(each)}
    if not numbers:
        return dict.fromkeys(ids)
    pages = pages_by_key(hidden_paths())(numbers.values())
    found = {page.pk: page for page in pages}
    return {each: found.get(numbers.get(each)) for each in ids}


@lru_cache
def pages_by_key(_hidden_paths):
    """Return the query of those of some pages that everybody may read."""
    pages = BasePageQuerySet(Page).for_visitors().select_related("locale")
    return Prepared(pages.filter(pk__in=Parameters(0)))


def address_of(page):
    """Return the address of a page, in the reader's language if it has a public translation."""
    return page.url if page.locale.language_code == get_language() else in_readers_language(page).url


def in_readers_language(page):
    """Return the public translation of a page in the reader's language, or the page itself."""
    if page.locale_id == Locale.get_active().pk:
        return page
    found = page.localized
    return page if is_hidden(found) or found.alias_of_id else found
