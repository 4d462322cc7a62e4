"""
What links to something, said before it is taken away.

A published page does not lose what it links to by deletion: that is refused. It may be unpublished, after a
look at what links to it: visitors see such a link as plain words until the page is back.
"""

from dataclasses import dataclass

from django.contrib.admin.utils import quote
from django.db.models import Q, QuerySet
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from home.querysets import BasePageQuerySet

# How many pages are named; the rest are counted.
MOST = 20


@dataclass(frozen=True)
class Mention:
    """A published page that links to something, as far as this person may know of it."""

    title: str
    edit_url: str | None


@hooks.register("before_delete_page")
def refuse_to_delete_a_page_that_is_linked_to(request, page):
    return refusal(request, [page])


@hooks.register("before_delete_snippet")
def refuse_to_delete_a_snippet_that_is_shown(request, snippets):
    return refusal(request, snippets) if snippets else None


@hooks.register("before_unpublish_page")
def ask_before_a_page_is_unpublished_that_is_linked_to(request, page):
    return question(request, [page])


@hooks.register("before_bulk_action")
def look_before_many_pages_are_taken_away(request, action_type, objects, action):
    if not objects or not all(map(is_page, objects)):
        return None
    if action_type == "delete":
        return refusal(request, objects)
    return question(request, objects) if action_type == "unpublish" else None


def refusal(request, things):
    """The answer that names what links to things, or to what would go with them; None if nothing does."""
    linking = published_links(below(things) if is_page(things[0]) else things)
    if not linking:
        return None
    can_unpublish = [
        each for each in things if is_page(each) and each.permissions_for_user(request.user).can_unpublish()
    ]
    return answer(request, "refused_deletion", things, linking, {"can_unpublish": can_unpublish})


def question(request, pages):
    """The answer that asks whether to unpublish pages that others link to; None if it was answered."""
    if "anyway" in request.POST:
        return None
    with_those_below = request.POST.get("include_descendants")
    chosen = Page.objects.filter(pk__in=[page.pk for page in pages])
    linking = published_links(below(pages) if with_those_below else chosen)
    if not linking:
        return None
    kept = [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    return answer(request, "unpublish_anyway", pages, linking, {"kept": kept})


def answer(request, template, things, linking, context):
    context |= {
        "subtitle": ", ".join(map(name_of, things)),
        "mentions": list(mentions(linking[:MOST], request.user)),
        "more": max(linking.count() - MOST, 0),
        "back": back_to(things[0]),
    }
    return TemplateResponse(request, f"home/admin/{template}.html", context)


def below(pages):
    """These pages and all that are below them."""
    condition = Q(pk__in=[])
    for page in pages:
        condition |= Q(path__startswith=page.path)
    return Page.objects.filter(condition)


def published_links(things):
    """The published pages that link to things, but for those that are among them."""
    linking = BasePageQuerySet(Page).live().linking_to(things).order_by("title", "pk")
    return linking.exclude(pk__in=things.values("pk")) if isinstance(things, QuerySet) else linking


def mentions(pages, user):
    """The pages, named as far as the user may know of them."""
    pages = list(pages)
    known = BasePageQuerySet(Page).filter(pk__in=[page.pk for page in pages]).public()
    public = set(known.values_list("pk", flat=True))
    for page in pages:
        may_edit = page.permissions_for_user(user).can_edit()
        title = page.title if may_edit or page.pk in public else _("A page that is not for everybody")
        yield Mention(title, reverse("wagtailadmin_pages:edit", args=[quote(page.pk)]) if may_edit else None)


def is_page(thing):
    return isinstance(thing, Page)


def name_of(thing):
    return thing.get_admin_display_title() if is_page(thing) else str(thing)


def back_to(thing):
    """The list in which a thing stands."""
    if is_page(thing):
        return reverse("wagtailadmin_explore", args=[thing.get_parent().pk])
    return reverse(thing.snippet_viewset.get_url_name("list"))
