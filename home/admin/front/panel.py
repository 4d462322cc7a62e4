"""
The first screen of the admin: what to begin, what waits for whoever signed in, and what is wrong.

Each part of the desk adds its own lines by two hooks of ours. A function that is registered for one takes the
request, and yields what this person may see and do, nothing else:

- `register_shortcut` yields a `Shortcut`;
- `register_notice` yields a `Notice` for what waits or is wrong.
"""

from dataclasses import dataclass

from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.models import PageLogEntry


@dataclass(frozen=True)
class Shortcut:
    """A way to begin something that is done often: "Add an event"."""

    label: str
    url: str
    icon: str
    order: int = 100


@dataclass(frozen=True)
class Notice:
    """Something that somebody should look at; shown only while `count` is above zero.

    :param words: the whole line, with its number: "3 pages have a dead link".
    :param url: the list of what is counted.
    :param is_wrong: whether it is a fault of the site, rather than something that waits for an answer.
    """

    count: int
    words: str
    url: str
    icon: str
    is_wrong: bool = True
    order: int = 100


def gathered(hook_name, request):
    """What all functions registered for a hook of ours yield for this request, in order."""
    found = [item for register in hooks.get_hooks(hook_name) for item in register(request)]
    return sorted(found, key=lambda item: item.order)


class FrontPanel(Component):
    """What to begin, what waits and what is wrong, above Wagtail's own panels, which list pages in review."""

    name = "front"
    order = 100
    template_name = "home/admin/front.html"

    class Media:
        css = {"all": ["site_admin/front.css"]}

    def __init__(self, request):
        self.request = request

    def get_context_data(self, parent_context):
        notices = [notice for notice in gathered("register_notice", self.request) if notice.count]
        waiting = [notice for notice in notices if not notice.is_wrong]
        return {
            "shortcuts": gathered("register_shortcut", self.request),
            "waiting": waiting,
            "wrong": [notice for notice in notices if notice.is_wrong],
            "is_new_here": not waiting and not PageLogEntry.objects.filter(user=self.request.user).exists(),
        }


@hooks.register("construct_homepage_panels")
def front_comes_first_and_then_what_waits_for_review(request, panels):
    panels.append(FrontPanel(request))
    for panel in panels:
        if isinstance(panel, WorkflowObjectsToModeratePanel):
            panel.order = FrontPanel.order + 1
