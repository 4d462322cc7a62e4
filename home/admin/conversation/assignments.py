"""The part of the first screen that lists what people were asked to look after."""

from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.ui.components import Component

from home.admin.front.panel import FrontPanel, Notice
from home.models import Assignment
from home.models.assignment import THINGS

# The number of lines of each list.
MOST = 30


class AssignmentsPanel(Component):
    """Open assignments: the user's own, those that anybody can take, and late ones of other people."""

    name = "assignments"
    order = FrontPanel.order + 1
    template_name = "home/admin/assignments_panel.html"

    def __init__(self, request):
        self.request, self.user = request, request.user

    def get_context_data(self, parent_context):
        seen = Assignment.objects.open().seen_by(self.user).select_related(*THINGS, "person", "made_by")
        late = seen.filter(due__lt=timezone.localdate()).exclude(person=None).exclude(person=self.user)
        lists = [
            (_("Asked of you"), seen.filter(person=self.user)),
            (_("Asked of anybody"), seen.filter(person=None)),
            (_("Late"), late),
        ]
        shown = [(label, found) for label, each in lists if (found := each[:MOST])]
        return {"lists": shown, "request": self.request, "csrf_token": get_token(self.request)}


@hooks.register("construct_homepage_panels")
def show_assignments(request, panels):
    panels.append(AssignmentsPanel(request))


@hooks.register("register_notice")
def asked_of_me(request):
    count = Assignment.objects.open().seen_by(request.user).filter(person=request.user).count()
    words = ngettext(
        "You are asked to look after %(count)s thing.",
        "You are asked to look after %(count)s things.",
        count,
    )
    yield Notice(count, words % {"count": count}, "#lw-asked-1", "user", is_wrong=False, order=9)
