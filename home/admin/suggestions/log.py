"""Entries about suggestions in the history of a page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import LogFormatter, log

MADE, TAKEN, DECLINED, WITHDRAWN = (
    f"home.suggestion.{action}" for action in ("make", "take", "decline", "withdraw")
)


def log_suggestion(action, suggestion, user, **fields):
    # Names are kept in words, in case an account is deleted.
    data = {"by": get_user_display_name(suggestion.user) if suggestion.user else _("somebody who left")}
    log(instance=suggestion.page.specific, action=action, user=user, data=data, **fields)


class Entry(LogFormatter):
    def format_message(self, log_entry):
        return self.message % {"by": log_entry.data["by"]}


@hooks.register("register_log_actions")
def suggestion_log_actions(actions):
    entries = [
        (MADE, gettext_lazy("Suggest change"), gettext_lazy("%(by)s suggested a change")),
        (TAKEN, gettext_lazy("Accept suggestion"), gettext_lazy("Accepted a change that %(by)s suggested")),
        (
            DECLINED,
            gettext_lazy("Decline suggestion"),
            gettext_lazy("Declined a change that %(by)s suggested"),
        ),
        (WITHDRAWN, gettext_lazy("Withdraw suggestion"), gettext_lazy("%(by)s withdrew a suggested change")),
    ]
    for action, label, message in entries:
        fields = {"label": label, "message": message}
        actions.register_action(action)(type("SuggestionEntry", (Entry,), fields))
