"""The words of the site history for accounts, rights and settings."""

from datetime import date

from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from home.accounts import log
from home.accounts.leaving import KINDS, in_words

# The words for what is no field of the model.
NAMES = {"rights": gettext_lazy("Role"), "permissions": gettext_lazy("Permissions")}


class ChangeFormatter(LogFormatter):
    """Each changed value, before and after. Of a list of permissions, only what is different."""

    def format_message(self, entry):
        model = entry.content_type and entry.content_type.model_class()
        return "; ".join(
            change_in_words(name_of(name, model), *pair) for name, pair in entry.data["changes"].items()
        )


def change_in_words(name, old, new):
    if isinstance(old, list) and isinstance(new, list):
        added, removed = set(new) - set(old), set(old) - set(new)
        if (added and removed and len(old) + len(new) > 4) or not (added and removed):
            parts = [(_("added"), added), (_("removed"), removed)]
            words = ", ".join(f"{word} {log.shown(sorted(found))}" for word, found in parts if found)
            return f"{name}: {words}"
    return f"{name}: {log.shown(old)} → {log.shown(new)}"


def name_of(name, model):
    if name in NAMES:
        return NAMES[name]
    try:
        words = str(model._meta.get_field(name).verbose_name)
    except (AttributeError, FieldDoesNotExist):
        return name
    return words[:1].upper() + words[1:]


class FailedFormatter(LogFormatter):
    label = gettext_lazy("Fail to sign in")

    def format_message(self, entry):
        count, day = entry.data["count"], date_format(date.fromisoformat(entry.data["day"]), "DATE_FORMAT")
        words = ngettext("%(count)s failed sign-in on %(day)s", "%(count)s failed sign-ins on %(day)s", count)
        return words % {"count": count, "day": day}


class LeftFormatter(LogFormatter):
    label = gettext_lazy("Close account")

    def format_message(self, entry):
        counts = {kind: count for kind, count in entry.data["counts"].items() if kind in KINDS}
        if not counts:
            return _("Account closed")
        words = _("Account closed; %(heir)s took over: %(things)s")
        return words % {"heir": entry.data["heir"], "things": ", ".join(in_words(counts))}


def changes(action_label):
    return type("Changes", (ChangeFormatter,), {"label": action_label})


@hooks.register("register_log_actions")
def account_actions(actions):
    actions.register_action(log.SIGNED_IN, gettext_lazy("Sign in"), gettext_lazy("Signed in"))
    actions.register_action(
        log.PASSWORD, gettext_lazy("Change password"), gettext_lazy("Changed the password")
    )
    actions.register_action(
        log.LINK_SENT, gettext_lazy("Send link"), gettext_lazy("Sent a link to choose a password")
    )
    actions.register_action(log.ACCOUNT)(changes(gettext_lazy("Change account")))
    actions.register_action(log.GROUP)(changes(gettext_lazy("Change permissions")))
    actions.register_action(log.SETTING)(changes(gettext_lazy("Change setting")))
    actions.register_action(log.FAILED)(FailedFormatter)
    actions.register_action(log.LEFT)(LeftFormatter)
