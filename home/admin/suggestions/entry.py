"""The ways to "Suggest a change": in menus of pages, in the bar on public pages, and at a closed form."""

from functools import wraps
from types import SimpleNamespace

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.userbar import BaseItem
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from home.models import BasePage, Suggestion
from home.privacy import may_read
from home.wagtail_internals import replace_method

dispatch = EditView.dispatch


def takes_suggestions(page, request):
    """Return whether the user may read a page, but not change it."""
    kind = page.specific_class
    return (
        kind is not None
        and issubclass(kind, BasePage)
        and may_read(page, request)
        and not page.permissions_for_user(request.user).can_edit()
    )


def address(page):
    return reverse("suggest_change", args=[page.pk])


def edit_or_suggest(self, request, page_id, **kwargs):
    """Lead people who may read a page, but not change it, from its form to that for suggestions."""
    try:
        return dispatch(self, request, page_id, **kwargs)
    except PermissionDenied:
        page = Page.objects.get(pk=page_id)
        # Not from the form of an earlier version.
        if type(self) is EditView and request.method == "GET" and takes_suggestions(page, request):
            return redirect(address(page))
        raise


replace_method(EditView, "dispatch", edit_or_suggest)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def suggest_button(page, user, next_url=None, **kwargs):
    # Passwords for private pages are in a session, which this hook doesn't get.
    if takes_suggestions(page, SimpleNamespace(user=user, session={})):
        yield Button(_("Suggest a change"), url=address(page), icon_name="edit", priority=3)


@wraps(PageTitleColumn.get_cell_context_data)
def with_suggestions(column, page, context, stock=PageTitleColumn.get_cell_context_data):
    """Lead from the title in lists of pages to the form for suggestions, if not to that of the page."""
    is_link = takes_suggestions(page, context["request"])
    return stock(column, page, context) | {"suggest": address(page) if is_link else ""}


PageTitleColumn.cell_template_name = "home/admin/page_title_cell.html"
replace_method(PageTitleColumn, "get_cell_context_data", with_suggestions)


class SuggestItem(BaseItem):
    template_name = "home/admin/suggest_item.html"

    def __init__(self, page):
        self.url = address(page)


@hooks.register("construct_wagtail_userbar")
def suggest_in_the_bar(request, items, page):
    is_preview = getattr(request, "is_preview", False)
    if page and page.pk and not is_preview and takes_suggestions(page, request):
        items.append(SuggestItem(page))


@hooks.register("before_edit_page")
def tell_of_suggestions(request, page):
    """Tell people who open the form of a page that others have suggested changes."""
    found = Suggestion.objects.open().filter(page=page.pk)
    if request.method == "GET" and (first := found.last()):
        count = found.count()
        words = ngettext(
            "%(count)s suggested change of this page waits for an answer.",
            "%(count)s suggested changes of this page wait for an answer.",
            count,
        )
        button = messages.button(reverse("suggestion", args=[first.pk]), _("Look at it"))
        messages.info(request, words % {"count": count}, buttons=[button])
