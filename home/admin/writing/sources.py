"""Suggestions for a source from those already on the site, and for the beginning of its URL."""

from collections import Counter
from os.path import commonprefix
from urllib.parse import urlsplit

from django.apps import apps
from django.http import JsonResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from wagtail import hooks

from home.dates.fields import for_writing
from home.dates.values import PreciseDate
from home.models import SiteDocument, Source
from home.wagtail_internals import permission_policy

MOST = 10
# The newest sources of each model are searched.
LOOKED_AT = 200
LONGEST_QUERY = 100
SHORTEST_QUERY = 2


@require_safe
def used_sources(request):
    """
    Return the sources whose title or publisher contains the words of `q`, newest first.

    With `by=publisher`, search only publishers and return these too.
    """
    query = request.GET.get("q", "").replace("\0", " ")[:LONGEST_QUERY].strip()
    if len(query) < SHORTEST_QUERY:
        return JsonResponse({"publishers": [], "sources": []})
    by_publisher = request.GET.get("by") == "publisher"
    found = find(query, ["publisher"] if by_publisher else ["title", "publisher"], request.user)
    shown = found[:MOST]
    files = permission_policy(SiteDocument).instances_user_has_any_permission_for(request.user, ["choose"])
    openable = set(files.filter(pk__in={s.document_id for s in shown}).values_list("pk", flat=True))
    return JsonResponse(
        {
            "publishers": publishers_of(found) if by_publisher else [],
            "sources": [as_suggestion(source, openable) for source in shown],
        }
    )


def find(query, fields, user):
    """Return distinct sources that contain the words and that the user may see, newest first."""
    found = []
    for model in apps.get_models():
        if issubclass(model, Source):
            used = model.objects.visible_to(user).containing(query, fields).select_related("document")
            found += used.order_by("-pk")[:LOOKED_AT]
    different = {}
    for source in sorted(found, key=lambda source: str(source.published or ""), reverse=True):
        different.setdefault(source.url or (source.title, source.publisher), source)
    return list(different.values())


def publishers_of(sources):
    """Return the publishers of the sources, most used first, and how their URLs begin."""
    counts = Counter(source.publisher for source in sources)
    return [
        {
            "name": name,
            "beginning": common_beginning([s.url for s in sources if s.publisher == name and s.url]),
        }
        for name, _count in counts.most_common(MOST)
    ]


def common_beginning(urls):
    """Return how the URLs on the most common site begin, up to a slash; "" if there are none."""
    sites = [urlsplit(url)[:2] for url in urls]
    origins = Counter(f"{scheme}://{host}/" for scheme, host in sites)
    if not origins:
        return ""
    [(origin, _count)] = origins.most_common(1)
    # These are not file paths, so the common prefix counts characters, not folders.
    shared = commonprefix([url for url in urls if f"{url}/".startswith(origin)])  # noqa: RUF071
    return max(shared[: shared.rfind("/") + 1], origin, key=len)


def as_suggestion(source, openable):
    """Return the values that fill the form row of a source; a file only if the user may choose it."""
    return {
        field.name: suggested_value(field, source, openable)
        for field in source.data_fields()
        if field.name not in source.not_suggested
    }


def suggested_value(field, source, openable):
    value = getattr(source, field.name)
    if field.is_relation:
        return chosen_file(value) if value and value.pk in openable else None
    return for_writing(value) if isinstance(value, PreciseDate) else str(value or "")


def chosen_file(document):
    """Return a file as Wagtail's chooser widget takes it."""
    edit_url = reverse("wagtaildocs:edit", args=[document.pk])
    return {"id": document.pk, "title": document.title, "edit_url": edit_url}


@hooks.register("register_admin_urls")
def used_sources_url():
    return [path("used-sources/", used_sources, name="used_sources")]
