"""
The log of accounts, rights and settings: entries of Wagtail's audit log, shown in the site history.

Passwords, their hashes and addresses of computers are never in it.
"""

from datetime import timedelta
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry

from home.accounts.mails import tell
from home.models import User

SIGNED_IN, FAILED, PASSWORD, LINK_SENT, LEFT, ACCOUNT, GROUP, SETTING = (
    f"home.account.{action}"
    for action in ("sign_in", "failed", "password", "link", "leave", "change", "group", "setting")
)
# How long sign-ins and failed ones are kept. docs/editors.md names the days, too.
KEPT = timedelta(days=90)
# Changes of one object by one person within this time are one entry. A form saves fields, then groups.
TOGETHER = timedelta(seconds=5)


def log(instance, action, user=None, **fields):
    """Write an entry about any model. Only administrators see those about people, groups and settings."""
    context = get_active_log_context()
    user = user or context.user
    return ModelLogEntry.objects.log_action(instance, action, user=user, uuid=context.uuid, **fields)


def log_changes(instance, action, changes, **fields):
    """Log pairs of old and new values by name, and tell a person about changes of their account."""
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return
    with transaction.atomic():
        if entry := recent_entry(instance, action):
            merge(entry, changes)
            return
        entry = log(instance, action, data={"changes": changes}, **fields)
        if action == ACCOUNT and fields.get("deleted"):
            tell(instance, [gettext_lazy("Your account was deleted.")], entry.user)
        elif action == ACCOUNT:
            # After all changes of the request, so that the person gets one mail.
            transaction.on_commit(partial(mail_changes, instance.pk, entry.pk), robust=True)


def recent_entry(instance, action):
    """Return an entry that further changes of the same request belong to, unless it has been mailed."""
    context = get_active_log_context()
    since = timezone.now() - TOGETHER
    entries = ModelLogEntry.objects.for_instance(instance).filter(
        action=action, user=context.user, uuid=context.uuid, deleted=False, timestamp__gte=since
    )
    entry = entries.order_by("-timestamp", "-pk").first()
    return entry if entry and not entry.data.get("mailed") else None


def merge(entry, changes):
    """Add changes to an entry. What has its old value again is no change."""
    merged = entry.data["changes"]
    for name, (old, new) in changes.items():
        merged[name] = [merged[name][0] if name in merged else old, new]
    entry.data["changes"] = {name: pair for name, pair in merged.items() if pair[0] != pair[1]}
    if entry.data["changes"]:
        entry.save(update_fields=["data"])
    else:
        entry.delete()


def mail_changes(person_pk, entry_pk):
    """Tell a person what an entry says about their account. People who were just invited know it."""
    entry = ModelLogEntry.objects.filter(pk=entry_pk).first()
    person = User.objects.filter(pk=person_pk).first()
    if not entry or not person or not (person.last_login or person.has_usable_password()):
        return
    changes = entry.data["changes"]
    with transaction.atomic():
        entry.data["mailed"] = True
        entry.save(update_fields=["data"])
        earlier = changes.get("email", ["", ""])[0]
        tell(person, sentences(changes), entry.user, [earlier] if earlier else [])


def sentences(changes):
    """Yield a sentence for each change of an account, for the person."""
    for name, (old, new) in changes.items():
        words = {
            "is_active": _("Your account was activated.") if new else _("Your account was deactivated."),
            "rights": _("Your role was changed from %(old)s to %(new)s."),
            "email": _("The email address of your account was changed from %(old)s to %(new)s."),
            "username": _("Your username was changed from %(old)s to %(new)s."),
        }
        yield words[name] % {"old": shown(old), "new": shown(new)}


def shown(value):
    """Return a value of an entry in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return (", ".join(value) if isinstance(value, list) else str(value or "")) or _("none")


def log_sign_in(sender, user, **kwargs):
    """Signal receiver: log that a person signed in."""
    log(user, SIGNED_IN, user=user)


def count_failed_sign_in(sender, credentials, **kwargs):
    """Signal receiver: count failed sign-ins of an account per day, and those with unknown names together."""
    # The queries are the same for all names, so that no response time reveals who has an account.
    found = User.objects.filter(username=credentials.get("username") or "").values_list("pk", "username")
    pk, label = found.first() or (0, _("Unknown usernames"))
    day = timezone.localdate().isoformat()
    kind = ContentType.objects.get_for_model(User)
    with transaction.atomic():
        # Until the first entry of the day is there, simultaneous requests could each make one.
        ContentType.objects.select_for_update(no_key=True).get(pk=kind.pk)
        entries = ModelLogEntry.objects.filter(content_type=kind, action=FAILED)
        entry = entries.filter(object_id=str(pk), data__day=day).first() or ModelLogEntry(
            content_type=kind, object_id=str(pk), label=label, action=FAILED, data={"day": day, "count": 0}
        )
        entry.data["count"] += 1
        entry.timestamp = timezone.now()
        entry.save()


def old_sign_ins():
    """Return sign-ins and counts of failed ones that are due to be deleted."""
    return ModelLogEntry.objects.filter(action__in=[SIGNED_IN, FAILED], timestamp__lt=timezone.now() - KEPT)


class PasswordLog:
    """A password validator that accepts everything, and logs and mails when a password was changed."""

    def validate(self, password, user=None):
        pass

    def get_help_text(self):
        return _("You get an email whenever your password is changed.")

    def password_changed(self, password, user=None):
        if user is None or getattr(user, "is_new", False):
            return
        tell(user, password_sentences(user), log(user, PASSWORD).user)


def password_sentences(person):
    if person.last_login:
        yield _("Your password was changed.")
    else:
        yield _("Your password was chosen with the link that we sent you.")
    yield _("Your username is %(name)s.") % {"name": person.get_username()}
