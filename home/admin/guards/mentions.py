"""
Links to pages and snippets, checked before these are deleted or unpublished.

What a published page links to cannot be deleted. It can be unpublished, after a confirmation that lists these
pages. Visitors see the links as plain text until it is published again.
"""

from dataclasses import dataclass

from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from home.conditions import below
from home.querysets import BasePageQuerySet

# The number of pages that are listed. The rest are counted.
MOST = 20


@dataclass(frozen=True)
class Mention:
    """A published page that links to something, with the title and URL that the user may see."""

    title: str
    edit_url: str | None


@hooks.register("before_delete_page")
def refuse_to_delete_linked_page(request, page):
    return refusal(request, [page])


@hooks.register("before_delete_snippet")
def refuse_to_delete_linked_snippet(request, snippets):
    return refusal(request, snippets) if snippets else None


@hooks.register("before_unpublish_page")
def confirm_unpublishing_linked_page(request, page):
    return question(request, [page])


@hooks.register("before_bulk_action")
def check_bulk_action(request, action_type, objects, action):
    if not objects or not all(map(is_page, objects)):
        return None
    if action_type == "delete":
        return refusal(request, objects)
    return question(request, objects) if action_type == "unpublish" else None


def refusal(request, things):
    """Return a response that lists published pages with links to things or their descendants, or None."""
    linking = published_links(with_descendants(things) if is_page(things[0]) else things)
    if not linking:
        return None
    can_unpublish = [
        each for each in things if is_page(each) and each.permissions_for_user(request.user).can_unpublish()
    ]
    context = {"title": _("This cannot be deleted yet"), "can_unpublish": can_unpublish}
    return response(request, "refused_deletion", things, linking, context)


def question(request, pages):
    """Return a response that asks whether to unpublish linked pages; None if confirmed or without links."""
    if "anyway" in request.POST:
        return None
    with_those_below = request.POST.get("include_descendants")
    chosen = Page.objects.filter(pk__in=[page.pk for page in pages])
    linking = published_links(with_descendants(pages) if with_those_below else chosen)
    if not linking:
        return None
    kept = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    context = {"title": _("Other pages link here"), "kept": kept}
    return response(request, "unpublish_anyway", pages, linking, context)


def response(request, template, things, linking, context):
    context |= {
        "subtitle": ", ".join(map(name_of, things)),
        "icon": "link",
        "mentions": list(mentions(linking[:MOST], request.user)),
        "more": max(linking.count() - MOST, 0),
        "back": back_to(things[0]),
    }
    return TemplateResponse(request, f"home/admin/{template}.html", context)


def with_descendants(pages):
    return Page.objects.filter(below([page.path for page in pages]))


def published_links(things):
    """Return the published pages that link to things, except the things themselves."""
    linking = BasePageQuerySet(Page).live().linking_to(things).order_by("title", "pk")
    return linking.exclude(pk__in=things.values("pk")) if isinstance(things, QuerySet) else linking


def mentions(pages, user):
    pages = list(pages)
    known = BasePageQuerySet(Page).filter(pk__in=[page.pk for page in pages]).public()
    public = set(known.values_list("pk", flat=True))
    for page in pages:
        may_edit = page.permissions_for_user(user).can_edit()
        title = page.title if may_edit or page.pk in public else _("A restricted page")
        yield Mention(title, reverse("wagtailadmin_pages:edit", args=[quote(page.pk)]) if may_edit else None)


def is_page(thing):
    return isinstance(thing, Page)


def name_of(thing):
    return thing.get_admin_display_title() if is_page(thing) else str(thing)


def back_to(thing):
    if is_page(thing):
        return reverse("wagtailadmin_explore", args=[thing.get_parent().pk])
    return reverse(thing.snippet_viewset.get_url_name("list"))
