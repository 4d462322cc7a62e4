"""The words of the site history for accounts, rights and settings."""

from datetime import date

from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from home.accounts import guesses, log, second_factor
from home.accounts.leaving import KINDS, in_words

# The words for what is no field of the model.
NAMES = {"rights": gettext_lazy("Role"), "permissions": gettext_lazy("Permissions")}


def changes(entry):
    """Return each changed value, before and after. Of a list of permissions, only what is different."""
    model = entry.content_type and entry.content_type.model_class()
    pairs = entry.data["changes"].items()
    return "; ".join(change_in_words(name_of(name, model), *pair) for name, pair in pairs)


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
        return capfirst(model._meta.get_field(name).verbose_name)
    except (AttributeError, FieldDoesNotExist):
        return name


def failures(entry):
    count, day = entry.data["count"], date_format(date.fromisoformat(entry.data["day"]), "DATE_FORMAT")
    words = ngettext("%(count)s failed sign-in on %(day)s", "%(count)s failed sign-ins on %(day)s", count)
    return words % {"count": count, "day": day}


def leaving(entry):
    # PostgreSQL keeps the keys of JSON in an order of its own.
    counts = {kind: entry.data["counts"][kind] for kind in KINDS if kind in entry.data["counts"]}
    if not counts:
        return _("Account closed")
    words = _("Account closed; %(heir)s took over: %(things)s")
    return words % {"heir": entry.data["heir"], "things": ", ".join(in_words(counts))}


# The label of each action, and what its entries say: a sentence, or a function that returns it.
ACTIONS = {
    log.SIGNED_IN: (gettext_lazy("Sign in"), gettext_lazy("Signed in")),
    log.FAILED: (gettext_lazy("Fail to sign in"), failures),
    log.PASSWORD: (gettext_lazy("Change password"), gettext_lazy("Changed the password")),
    log.LINK_SENT: (gettext_lazy("Send link"), gettext_lazy("Sent a link to choose a password")),
    log.LEFT: (gettext_lazy("Close account"), leaving),
    log.ACCOUNT: (gettext_lazy("Change account"), changes),
    log.GROUP: (gettext_lazy("Change permissions"), changes),
    log.SETTING: (gettext_lazy("Change setting"), changes),
    second_factor.SET_UP: (gettext_lazy("Set up codes"), gettext_lazy("Set up codes for signing in")),
    second_factor.CODES_MADE: (gettext_lazy("Make recovery codes"), gettext_lazy("Made new recovery codes")),
    second_factor.CODE_USED: (gettext_lazy("Use recovery code"), gettext_lazy("Used a recovery code")),
    second_factor.REMOVED: (gettext_lazy("Turn off codes"), gettext_lazy("Turned off codes for signing in")),
    second_factor.RESET: (gettext_lazy("Reset codes"), gettext_lazy("Reset codes for signing in")),
    guesses.GUESSED: (gettext_lazy("Guess codes"), gettext_lazy("Wrong codes after the right password")),
}


@hooks.register("register_log_actions")
def account_actions(actions):
    for action, (label, words) in ACTIONS.items():
        name, words = ("format_message", staticmethod(words)) if callable(words) else ("message", words)
        actions.register_action(action)(type("Formatter", (LogFormatter,), {"label": label, name: words}))
