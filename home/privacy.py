"""Rules for who may read what: the pages and collections that a restriction hides, copies included."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Substr
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from home.conditions import below, topmost
from home.kept import kept


@kept
def hidden_paths():
    """
    Return the paths of the topmost hidden pages. Their descendants are hidden, too.

    Pages with a restriction are hidden, and so are the copies of hidden pages: their aliases, and their
    translations if the hidden page is in the site's default language.
    """
    # Wagtail copies restrictions to aliases. Ignore the copies, which would outlive the original's.
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


def is_hidden(page):
    return page.path.startswith(hidden_paths())


def restrictions_on(page):
    """Return all restrictions on a page: its own, its ancestors', and those of the pages that they copy."""
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
    copies = Page.objects.filter(path__in=paths)
    keys = copies.values("translation_key")
    first = Page.objects.filter(translation_key__in=keys, locale__language_code=settings.LANGUAGE_CODE)
    aliased = copies.filter(alias_of__isnull=False).values_list("alias_of__path", flat=True)
    return [*aliased, *first.values_list("path", flat=True)]


def keep_copies_private(page):
    """Keep the copies of a hidden page private when the page is about to be deleted."""
    if is_hidden(page):
        for copy in Page.objects.filter(_copies_of([page.path])).exclude(path__startswith=page.path):
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
    """Return whether a page is live and the visitor has passed all restrictions on it."""
    return page.live and all(each.accept_request(request) for each in restrictions_on(page))


@kept
def hidden_collections():
    """Return the IDs of the collections whose files are not public."""
    above = CollectionViewRestriction.objects.filter(
        collection__path=Substr(OuterRef("path"), 1, Length("collection__path"))
    )
    return frozenset(Collection.objects.filter(Exists(above)).values_list("pk", flat=True))
