"""
The first screen of the admin: shortcuts, what waits for the user, and what is wrong on the site.

Each part of the admin adds its own lines with two hooks of this project. A function registered for one takes
the request and yields only what the user may see and do:

- `register_shortcut` yields a `Shortcut`;
- `register_notice` yields a `Notice`.
"""

from dataclasses import dataclass

from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.models import PageLogEntry


@dataclass(frozen=True)
class Shortcut:
    """A link to a common task, such as "Add an event"."""

    label: str
    url: str
    icon: str
    order: int = 100


@dataclass(frozen=True)
class Notice:
    """
    Something that needs attention. It is shown if `count` is above zero.

    :param words: the whole line with its number, such as "3 pages have a dead link".
    :param url: a list of what is counted, if there is one.
    :param advice: what to do, if it is not obvious.
    :param is_wrong: whether it is a problem of the site, not something that waits for the user.
    """

    count: int
    words: str
    url: str
    icon: str
    is_wrong: bool = True
    order: int = 100
    advice: str = ""


def collect(hook_name, request):
    """Return what all functions registered for a hook yield for the request, in order."""
    found = [item for function in hooks.get_hooks(hook_name) for item in function(request)]
    return sorted(found, key=lambda item: item.order)


class FrontPanel(Component):
    """Shortcuts and notices, above Wagtail's own panels, which list pages in review."""

    name = "front"
    order = 100
    template_name = "home/admin/front.html"

    class Media:
        css = {"all": ["site_admin/front.css"]}

    def __init__(self, request):
        self.request = request

    def get_context_data(self, parent_context):
        notices = [notice for notice in collect("register_notice", self.request) if notice.count]
        waiting = [notice for notice in notices if not notice.is_wrong]
        return {
            "shortcuts": collect("register_shortcut", self.request),
            "waiting": waiting,
            "wrong": [notice for notice in notices if notice.is_wrong],
            "is_new_here": not waiting and not PageLogEntry.objects.filter(user=self.request.user).exists(),
        }


@hooks.register("construct_homepage_panels")
def show_front_panel_before_pages_in_review(request, panels):
    panels.append(FrontPanel(request))
    for panel in panels:
        if isinstance(panel, WorkflowObjectsToModeratePanel):
            panel.order = FrontPanel.order + 1
