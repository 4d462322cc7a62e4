"""
Access to the messages that visitors sent with the contact form.

They may come from people at risk. So fewer people may read them than may edit the contact page, and the audit
log has every access, but no text of a message.
"""

import secrets

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.exports.spreadsheets import FORMULA
from home.models import ContactMessage, InboxKey

State = ContactMessage.State

# The secret's name in the session.
NAME = "inbox_tab_secret"

# The actions in the audit log.
LISTED, OPENED, NOTED, EXPORTED, RESEALED, DELETED = (
    f"home.message.{action}" for action in ("list", "open", "note", "export", "reseal", "delete")
)
KEY_MADE, KEY_REPLACED, PASSPHRASE_CHANGED = (
    f"home.inbox_key.{action}" for action in ("make", "replace", "passphrase")
)
ACTIONS = {
    LISTED: (_("List messages"), _("Listed, with the first words")),
    OPENED: (_("Open message"), _("Opened")),
    NOTED: (_("Add note to message"), _("Added a note")),
    EXPORTED: (_("Export message"), _("Downloaded")),
    RESEALED: (_("Seal message with a new key"), _("Sealed with a new key")),
    DELETED: (_("Delete message"), _("Deleted")),
    KEY_MADE: (_("Seal inbox"), _("Sealed the inbox")),
    KEY_REPLACED: (_("Replace key of inbox"), _("Replaced the key of the inbox")),
    PASSPHRASE_CHANGED: (_("Change passphrase of inbox"), _("Changed the passphrase of the inbox")),
    f"home.message.{State.UNREAD}": (_("Mark message unread"), _("Marked unread")),
    f"home.message.{State.READ}": (_("Mark message not answered"), _("Marked not answered")),
    f"home.message.{State.ANSWERED}": (_("Mark message answered"), _("Marked answered")),
}


def log_access(action, objects, **fields):
    """
    Write an entry into the audit log for each object.

    Only administrators see these in the site history, since messages have no permissions of their own.

    :param objects: messages, contact pages whose messages were listed, or the key of the inbox.
    """
    context = get_active_log_context()
    now = timezone.now()
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=ContentType.objects.get_for_model(each),
            object_id=str(each.pk),
            label=str(each),
            action=action,
            user=context.user,
            uuid=context.uuid,
            timestamp=now,
            **fields,
        )
        for each in objects
    )


class ReaderMixin:
    """A view for users who may read the messages of a contact page, limited to these messages."""

    def dispatch(self, request, *args, **kwargs):
        if not self.may_use(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def may_use(self, user):
        return get_forms_for_user(user).exists()

    def get_context_data(self, **kwargs):
        """Add what the browser needs to open sealed messages."""
        keys = list(InboxKey.objects.order_by("pk").values("pk", "public", "private"))
        secret = tab_secret(self.request) if keys else ""
        return super().get_context_data(**kwargs) | {
            "keys": keys,
            "tab_secret": secret,
            "formula": FORMULA.pattern,
        }

    @property
    def readable(self):
        return ContactMessage.objects.readable_by(self.request.user)

    def in_state(self):
        """Return the messages in the state that the URL names, and the state; all and "" by default."""
        state = self.request.GET.get("state")
        return (self.readable.filter(state=state), state) if state in State.values else (self.readable, "")


def tab_secret(request):
    """
    Return a secret of this session. The browser encrypts the opened key with it and keeps the result for one
    tab, so that neither the tab's storage nor the server alone can open messages, and nothing can once the
    session has ended.
    """
    if NAME not in request.session:
        request.session[NAME] = secrets.token_urlsafe()
    return request.session[NAME]


@hooks.register("register_log_actions")
def message_log_actions(actions):
    for name, (label, words) in ACTIONS.items():
        actions.register_action(name, label, words)


@hooks.register("filter_form_submissions_for_user")
def only_publishers_read_messages(user, queryset):
    return PagePermissionPolicy().instances_user_has_permission_for(user, "publish") & queryset
