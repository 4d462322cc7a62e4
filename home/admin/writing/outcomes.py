"""Messages after an action: what became of the page, figure or term."""

from functools import wraps

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.utils import get_latest_str
from wagtail.admin.views.generic.mixins import CreateEditViewOptionalFeaturesMixin
from wagtail.admin.views.generic.workflow import WorkflowAction
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import DraftStateMixin, Revision

from home.admin.writing.actions import APPROVAL, PUBLISH
from home.wagtail_internals import replace_method


def outcome(thing, decision):
    """Return in words what a moderator's decision has led to."""
    title = get_latest_str(thing)
    if decision == "reject":
        words = _("“%(title)s” is back with its author, who gets an email with your name.")
        return words % {"title": title}
    if state := thing.current_workflow_state:
        words = _("You approved “%(title)s”. The next step is “%(task)s”.")
        return words % {"title": title, "task": state.current_task_state.task.name}
    if revision := coming(thing):
        return goes_live(title, revision)
    return _("“%(title)s” is published.") % {"title": title}


def coming(thing):
    """Return the latest revision if it goes live later. An earlier one may stay scheduled."""
    revision = thing.scheduled_revision
    return revision if revision and revision.is_latest_revision() else None


def goes_live(title, revision):
    """Say when, in the time zone that is named, whatever that of the account is."""
    at = timezone.localtime(revision.approved_go_live_at, timezone.get_default_timezone())
    words = _("“%(title)s” goes live on %(moment)s Eastern time.")
    return words % {"title": title, "moment": date_format(at, "DATETIME_FORMAT")}


@wraps(EditView.add_save_confirmation_message)
def say_of_page(view, stock=EditView.add_save_confirmation_message):
    if APPROVAL not in view.request.POST:
        return stock(view)
    # Its address may have changed.
    view.page = view.page.specific_class.objects.get(pk=view.page.pk)
    live = [view.get_view_live_message_button()] if view.page.live and view.page.url else []
    return messages.success(view.request, outcome(view.page, view.workflow_action), buttons=live)


@wraps(CreateEditViewOptionalFeaturesMixin.get_success_message)
def say_of_snippet(view, *args, stock=CreateEditViewOptionalFeaturesMixin.get_success_message):
    is_decision = view.action == "workflow-action"
    return outcome(view.object, view.workflow_action) if is_decision else stock(view, *args)


@wraps(WorkflowAction.post)
def say_without_form(view, request, *args, stock=WorkflowAction.post, **kwargs):
    """Say it also after a decision outside the form, such as in a list of versions."""
    form = view.form_class and view.form_class(request.POST)
    answer = stock(view, request, *args, **kwargs)
    if not form or form.is_valid():
        messages.success(request, outcome(view.object, view.action_name))
    return answer


replace_method(EditView, "add_save_confirmation_message", say_of_page)
replace_method(CreateEditViewOptionalFeaturesMixin, "get_success_message", say_of_snippet)
replace_method(WorkflowAction, "post", say_without_form)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def say_when_it_goes_live(request, thing):
    if PUBLISH in request.POST and isinstance(thing, DraftStateMixin) and (revision := coming(thing)):
        messages.info(request, goes_live(get_latest_str(thing), revision))


@hooks.register("after_bulk_action")
def say_when_each_goes_live(request, action_type, objects, action):
    """Name the pages that "Publish" of a list didn't publish yet."""
    if action_type != "publish":
        return
    pages = {str(page.pk): page for page in objects}
    if request.POST.get("include_descendants"):
        pages |= {str(below.pk): below for page in objects for below in page.get_descendants()}
    scheduled = Revision.page_revisions.filter(object_id__in=pages, approved_go_live_at__gt=timezone.now())
    for revision in scheduled.order_by("approved_go_live_at"):
        messages.info(request, goes_live(get_latest_str(pages[revision.object_id]), revision))
