"""Rules for who may read what: the pages and collections that a restriction hides, copies included."""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import In
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

__all__ = [
    "ask_once",
    "below",
    "hidden_asked_once",
    "hidden_collections",
    "hidden_paths",
    "is_hidden",
    "keep_copies_private",
    "keep_private",
    "may_read",
    "restrictions_on",
]

# Answers that hold while one request is answered; None outside of that.
answers = ContextVar("answers", default=None)


@contextmanager
def hidden_asked_once():
    """Look up what is hidden at most once within the block. It must only read."""
    token = answers.set({})
    try:
        yield
    finally:
        answers.reset(token)


def ask_once(get_response):
    """Middleware: look up what is hidden once in a request that only reads, not once for each list."""

    def middleware(request):
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with hidden_asked_once():
            return get_response(request)

    return middleware


def asked_once(question):
    """Decorate a function without parameters, so that its answer holds while one request is answered."""

    @wraps(question)
    def answer():
        known = answers.get()
        if known is None:
            return question()
        if question not in known:
            known[question] = question()
        return known[question]

    return answer


@asked_once
def hidden_paths():
    """
    The paths of the topmost hidden pages; what is below them is hidden too.

    Hidden are pages with a restriction and copies of hidden pages: their aliases, and their translations if
    the hidden page is in the site's first language.
    """
    # Wagtail ignores restrictions of an alias, since those that it copies would outlive the original's.
    restricted = PageViewRestriction.objects.filter(page__alias_of=None)
    found = new = topmost(restricted.values_list("page__path", flat=True))
    while new:
        copies = Page.objects.filter(_copies_of(new)).values_list("path", flat=True)
        new = topmost(path for path in copies if not path.startswith(found))
        found = topmost(found + new)
    return found


def _copies_of(paths):
    first = Page.objects.filter(below(paths), locale__language_code=settings.LANGUAGE_CODE)
    return below(paths, "alias_of__path") | Q(translation_key__in=first.values("translation_key"))


def topmost(paths):
    """Return the paths that are not below another one, as a tuple."""
    found = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return tuple(found)


def below(paths, field="path"):
    """
    A condition: the page has one of these paths, or is below one.

    :param field: the name of the field with its path, as seen by the query.
    """
    by_length = defaultdict(list)
    for path in paths:
        by_length[len(path)].append(path)
    found = Q(pk__in=[])
    for length, group in by_length.items():
        found |= Q(In(Substr(F(field), 1, length), group))
    return found


def is_hidden(page):
    """Whether a restriction hides a page from strangers."""
    return page.path.startswith(hidden_paths())


def restrictions_on(page):
    """Return all restrictions on a page: its own, and those of the pages that it copies."""
    if not is_hidden(page):
        return PageViewRestriction.objects.none()
    paths, new = set(), {page.path}
    while new:
        lineage = {path[:end] for path in new for end in range(Page.steplen, len(path) + 1, Page.steplen)}
        lineage -= paths
        paths |= lineage
        new = set(_originals_of(lineage)) - paths
    return PageViewRestriction.objects.filter(page__path__in=paths, page__alias_of=None)


def _originals_of(paths):
    """Return the paths of the pages that the pages at these paths copy."""
    copies = Page.objects.filter(path__in=paths)
    keys = copies.values("translation_key")
    first = Page.objects.filter(translation_key__in=keys, locale__language_code=settings.LANGUAGE_CODE)
    aliased = copies.filter(alias_of__isnull=False).values_list("alias_of__path", flat=True)
    return [*aliased, *first.values_list("path", flat=True)]


def keep_copies_private(page):
    """Keep the copies of a page private when the page is about to be deleted."""
    if is_hidden(page):
        copies = Page.objects.filter(_copies_of([page.path])).exclude(path__startswith=page.path)
        for copy in copies:
            keep_private(copy)


def keep_private(copy):
    """Give a copy that is about to lose its original the restrictions of the original."""
    if copy.view_restrictions.exists():
        return
    for restriction in restrictions_on(copy).select_related("page"):
        if not copy.path.startswith(restriction.page.path):
            own = PageViewRestriction.objects.create(
                page=copy, restriction_type=restriction.restriction_type, password=restriction.password
            )
            own.groups.set(restriction.groups.all())


def may_read(page, request):
    """Whether a page is live, and the visitor has passed all restrictions on it."""
    return page.live and all(each.accept_request(request) for each in restrictions_on(page))


@asked_once
def hidden_collections():
    """The ids of the collections whose files not everybody may open."""
    above = CollectionViewRestriction.objects.filter(
        collection__path=Substr(OuterRef("path"), 1, Length("collection__path"))
    )
    return frozenset(Collection.objects.filter(Exists(above)).values_list("pk", flat=True))
