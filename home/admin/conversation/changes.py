"""Requests for changes, in a moderator's words: above the form, and on the first screen of the author."""

from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str, get_user_display_name
from wagtail.models import WorkflowMixin, WorkflowState

from home.admin.front.panel import Notice

# The number of requests on the first screen, newest first.
MOST = 20


def in_words(state):
    """Return who asked for changes, and the comment."""
    task = state.current_task_state
    name = get_user_display_name(task.finished_by) if task.finished_by else ""
    words = _("%(name)s asked for changes.") % {"name": name} if name else _("Changes are asked for.")
    return f"{words} “{task.comment}”" if task.comment else words


@hooks.register("before_edit_page")
@hooks.register("before_edit_snippet")
def show_request(request, thing):
    state = isinstance(thing, WorkflowMixin) and thing.current_workflow_state
    if request.method == "GET" and state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        messages.warning(request, in_words(state))


@hooks.register("register_notice")
def requested_changes(request):
    states = WorkflowState.objects.filter(
        requested_by=request.user, status=WorkflowState.STATUS_NEEDS_CHANGES
    )
    states = states.select_related("current_task_state__finished_by").order_by("-pk")[:MOST]
    address_of = AdminURLFinder(request.user).get_edit_url
    for state in states.prefetch_related("content_object"):
        if state.content_object and (address := address_of(state.content_object)):
            words = _("“%(title)s”: %(request)s")
            words %= {"title": get_latest_str(state.content_object), "request": in_words(state)}
            yield Notice(1, words, address, "edit", is_wrong=False, order=8)
