"""
Access to the messages that visitors sent with the contact form.

They may come from people at risk. So fewer people may read them than may edit the contact page, and the audit
log has every access, but no text of a message.
"""

import secrets

from django.contrib.auth.mixins import UserPassesTestMixin
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry
from wagtail.permissions import page_permission_policy

from home.exports.spreadsheets import FORMULA
from home.models import ContactMessage, InboxKey

# The actions in the audit log, with their labels and sentences.
ACTIONS = {
    "home.message.list": (_("List messages"), _("Listed, with the first words")),
    "home.message.open": (_("Open message"), _("Opened")),
    "home.message.note": (_("Add note to message"), _("Added a note")),
    "home.message.export": (_("Export message"), _("Downloaded")),
    "home.message.reseal": (_("Seal message with a new key"), _("Sealed with a new key")),
    "home.message.delete": (_("Delete message"), _("Deleted")),
    "home.message.unread": (_("Mark message unread"), _("Marked unread")),
    "home.message.read": (_("Mark message not answered"), _("Marked not answered")),
    "home.message.answered": (_("Mark message answered"), _("Marked answered")),
    "home.inbox_key.make": (_("Seal inbox"), _("Sealed the inbox")),
    "home.inbox_key.replace": (_("Replace key of inbox"), _("Replaced the key of the inbox")),
    "home.inbox_key.passphrase": (
        _("Change passphrase of inbox"),
        _("Changed the passphrase of the inbox"),
    ),
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


class ReaderMixin(UserPassesTestMixin):
    """A view for users who may read the messages of a contact page, limited to these messages."""

    def test_func(self):
        return get_forms_for_user(self.request.user).exists()

    def get_context_data(self, **kwargs):
        """Add what the browser needs to open sealed messages."""
        keys = list(InboxKey.objects.order_by("pk").values("pk", "public", "private"))
        return super().get_context_data(**kwargs) | {
            "keys": keys,
            "tab_secret": tab_secret(self.request) if keys else "",
            "formula": FORMULA.pattern,
        }

    @property
    def readable(self):
        return ContactMessage.objects.readable_by(self.request.user)

    def in_state(self):
        """Return the messages in the state that the URL names, and the state; all and "" by default."""
        state = self.request.GET.get("state")
        if state in ContactMessage.State.values:
            return self.readable.filter(state=state), state
        return self.readable, ""


def tab_secret(request):
    """
    Return a secret of this session. The browser encrypts the opened key with it and keeps the result for one
    tab, so that neither the tab's storage nor the server alone can open messages, and nothing can once the
    session has ended.
    """
    return request.session.setdefault("inbox_tab_secret", secrets.token_urlsafe())


@hooks.register("register_log_actions")
def message_log_actions(actions):
    for name, (label, words) in ACTIONS.items():
        actions.register_action(name, label, words)


@hooks.register("filter_form_submissions_for_user")
def only_publishers_read_messages(user, queryset):
    return page_permission_policy.instances_user_has_permission_for(user, "publish") & queryset
