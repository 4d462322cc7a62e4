"""The buttons at the foot of a page's form: who can't publish has "Submit for review" beside "Save draft"."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.models import Revision

SUBMIT, PUBLISH, APPROVAL = "action-submit", "action-publish", "action-workflow-action"


class SideBySide(ActionMenuItem):
    """Two actions as one, each with its own button."""

    def __init__(self, *items):
        super().__init__(order=items[-1].order)
        self.items = items

    def render_html(self, parent_context):
        # The items have escaped their labels.
        buttons = "".join(item.render_html(parent_context) for item in self.items)
        return mark_safe(f'<div class="lw-actions">{buttons}</div>')


@hooks.register("construct_page_action_menu", order=900)
@hooks.register("construct_snippet_action_menu", order=900)
def show_submit_in_sight(menu_items, request, context):
    named = {item.name: item for item in menu_items}
    submit = named.get(SUBMIT)
    if submit and menu_items[0] is not submit and PUBLISH not in named:
        menu_items.remove(submit)
        submit.classname = "button action-save"
        menu_items[0] = SideBySide(submit, menu_items[0])


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def say_when_it_goes_live(request, page):
    is_approved = APPROVAL in request.POST and request.POST.get("workflow-action-name") == "approve"
    if PUBLISH not in request.POST and not is_approved:
        return
    revision = page.revisions.exclude(approved_go_live_at=None).first()
    # An approval that isn't the last one leaves an earlier schedule as it is.
    if revision and revision.is_latest_revision():
        words = _("Goes live on %(moment)s Eastern time.")
        messages.info(request, words % {"moment": moment(revision)})


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
        words = _("“%(title)s” goes live on %(moment)s Eastern time.")
        title = pages[revision.object_id].get_admin_display_title()
        messages.info(request, words % {"title": title, "moment": moment(revision)})


def moment(revision):
    """Return when a revision goes live, in the time zone that is named, whatever that of the account is."""
    at = timezone.localtime(revision.approved_go_live_at, timezone.get_default_timezone())
    return date_format(at, "DATETIME_FORMAT")
