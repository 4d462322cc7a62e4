"""The buttons at the foot of a form: who can't publish has "Submit for review" beside "Save draft"."""

from django.utils.safestring import mark_safe
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem

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
