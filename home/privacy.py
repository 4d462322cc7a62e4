"""Who may read what: the pages and collections that a restriction hides, copies included."""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar

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

# Answers that hold while one request is answered; None where they have to be looked up each time.
answers = ContextVar("answers", default=None)


@contextmanager
def hidden_asked_once():
    """Look up what is hidden at most once within, for code that only reads."""
    token = answers.set({})
    try:
        yield
    finally:
        answers.reset(token)


def ask_once(get_response):
    """Middleware: a request that only reads looks up what is hidden once, not once for each list."""

    def middleware(request):
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with hidden_asked_once():
            return get_response(request)

    return middleware


def answer_to(question):
    known = answers.get()
    if known is None:
        return question()
    if question not in known:
        known[question] = question()
    return known[question]


def hidden_paths():
    """
    The paths of the topmost hidden pages; what is below them is hidden too.

    Hidden are pages with a restriction and copies of hidden pages: their aliases, and their translations if
    the hidden page is in the site's first language.
    """
    return answer_to(_hidden_paths)


def _hidden_paths():
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
    """Those of the paths that are not below another one, as a tuple."""
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
    """All restrictions that somebody must pass to read a page: its own, and those of what it copies."""
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
    """The paths of what the pages at these paths are copies of."""
    copies = Page.objects.filter(path__in=paths)
    keys = copies.values("translation_key")
    first = Page.objects.filter(translation_key__in=keys, locale__language_code=settings.LANGUAGE_CODE)
    aliased = copies.filter(alias_of__isnull=False).values_list("alias_of__path", flat=True)
    return [*aliased, *first.values_list("path", flat=True)]


def keep_copies_private(page):
    """Let the copies of a page that is about to be deleted stay as private as they were through it."""
    if is_hidden(page):
        copies = Page.objects.filter(_copies_of([page.path])).exclude(path__startswith=page.path)
        for copy in copies:
            keep_private(copy)


def keep_private(copy):
    """Give a copy that is about to lose its original the restrictions that hide it through that."""
    if copy.view_restrictions.exists():
        return
    for restriction in restrictions_on(copy).select_related("page"):
        if not copy.path.startswith(restriction.page.path):
            own = PageViewRestriction.objects.create(
                page=copy, restriction_type=restriction.restriction_type, password=restriction.password
            )
            own.groups.set(restriction.groups.all())


def may_read(page, request):
    """Whether somebody may read a page: it is live, and what hides it from strangers was passed."""
    return page.live and all(each.accept_request(request) for each in restrictions_on(page))


def hidden_collections():
    """The numbers of the collections whose files not everybody may open."""
    return answer_to(_hidden_collections)


def _hidden_collections():
    above = CollectionViewRestriction.objects.filter(
        collection__path=Substr(OuterRef("path"), 1, Length("collection__path"))
    )
    return frozenset(Collection.objects.filter(Exists(above)).values_list("pk", flat=True))
