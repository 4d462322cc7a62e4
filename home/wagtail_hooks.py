from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from home.links import PageLinkHandler
from home.models import Figure, GlossaryTerm, SourcesRequired


class FigureViewSet(SnippetViewSet):
    model = Figure
    icon = "table"
    list_display = ["title", "unit", "breakdown", "live"]
    list_filter = ["unit", "breakdown"]


class GlossaryTermViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "openquote"
    list_display = ["term", "aliases", "live"]


@register_snippet
class FactsViewSetGroup(SnippetViewSetGroup):
    items = (FigureViewSet, GlossaryTermViewSet)
    menu_label = _("Figures and terms")
    menu_icon = "list-ul"
    menu_order = 300


@hooks.register("register_rich_text_features", order=100)
def links_are_looked_up_together(features):
    """In the place of Wagtail's own, which is registered before."""
    features.register_link_type(PageLinkHandler)


@hooks.register("filter_form_submissions_for_user")
def messages_are_for_those_who_publish(user, queryset):
    """Messages may come from people at risk, so fewer people than can edit the page may read them."""
    return PagePermissionPolicy().instances_user_has_permission_for(user, "publish") & queryset


@hooks.register("before_bulk_action")
def refuse_to_publish_without_a_source(request, action_type, objects, action):
    """Say which of the chosen pages lack a source before any of them is published."""
    if action_type != "publish":
        return None
    lacking = [
        page for page in map(latest, objects) if isinstance(page, SourcesRequired) and not page.has_source
    ]
    for page in lacking:
        messages.error(request, " ".join(page.needs_source().messages))
    return redirect(request.get_full_path()) if lacking else None


@hooks.register("construct_help_menu")
def help_stays_here(request, menu_items):
    """The admin leads nobody to other sites, which would learn where they come from."""
    menu_items[:] = [item for item in menu_items if not item.url.startswith(("http:", "https:"))]


def latest(page):
    """The page as it would be published."""
    return page.specific.get_latest_revision_as_object()
