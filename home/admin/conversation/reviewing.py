"""The form of what waits for review: the way to what was changed, and one word for publishing it."""

from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import DraftStateMixin, Page, WorkflowMixin

from home.admin.writing.actions import PUBLISH


def comparison(thing):
    """Return the address of Wagtail's comparison of what visitors read with the latest draft."""
    name = "wagtailadmin_pages:revisions_compare"
    if not isinstance(thing, Page):
        name = thing.snippet_viewset.get_url_name("revisions_compare")
    return reverse(name, args=[quote(thing.pk), "live", "latest"])


@hooks.register("before_edit_page")
@hooks.register("before_edit_snippet")
def lead_to_changes(request, thing):
    is_draft = isinstance(thing, DraftStateMixin) and thing.live and thing.has_unpublished_changes
    if (
        request.method == "GET"
        and is_draft
        and isinstance(thing, WorkflowMixin)
        and thing.workflow_in_progress
    ):
        words = _("This waits for review. Visitors still read what was published before.")
        messages.info(request, words, buttons=[messages.button(comparison(thing), _("See what changed"))])


@hooks.register("construct_page_action_menu", order=910)
@hooks.register("construct_snippet_action_menu", order=910)
def publish_once(menu_items, request, context):
    """Leave out "Publish" beside "Approve and publish", which also tells the author."""
    thing = context.get("page") or context.get("instance")
    state = isinstance(thing, WorkflowMixin) and thing.current_workflow_state
    if state and state.is_at_final_task and any(item.name == "approve" for item in menu_items):
        menu_items[:] = [item for item in menu_items if item.name != PUBLISH]
