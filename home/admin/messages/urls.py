"""The URLs, menu item and first-screen notice of messages."""

from django.shortcuts import redirect
from django.urls import path, re_path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.contrib.forms.utils import get_forms_for_user

from home.admin.front.panel import Notice
from home.admin.messages.export import Export
from home.admin.messages.inbox import Delete, Inbox, Message
from home.models import ContactMessage


# Before Wagtail's own URLs: its screens for form submissions would bypass the audit log.
@hooks.register("register_admin_urls", order=-1)
def message_urls():
    return [
        path("messages/", Inbox.as_view(), name="inbox"),
        path("messages/<int:pk>/", Message.as_view(), name="message"),
        path("messages/delete/", Delete.as_view(), name="delete_messages"),
        re_path(r"^messages/export\.(?P<extension>csv|xlsx)$", Export.as_view(), name="export_messages"),
        re_path(r"^forms/", lambda request: redirect("inbox")),
    ]


class MessagesMenuItem(MenuItem):
    """A link to the inbox with the number of unread messages."""

    def is_shown(self, request):
        return get_forms_for_user(request.user).exists()

    def render_component(self, request):
        unread = ContactMessage.objects.readable_by(request.user).unread().count()
        label = _("Messages (%(count)s)") % {"count": unread} if unread else self.label
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name, classname=self.classname)


@hooks.register("register_admin_menu_item")
def messages_menu_item():
    return MessagesMenuItem(
        gettext_lazy("Messages"), reverse_lazy("inbox"), name="messages", icon_name="mail", order=250
    )


@hooks.register("construct_main_menu")
def hide_wagtails_forms(request, menu_items):
    menu_items[:] = [item for item in menu_items if item.name != "forms"]


@hooks.register("register_notice")
def unanswered_messages(request):
    count = ContactMessage.objects.readable_by(request.user).waiting().count()
    words = ngettext(
        "%(count)s message waits for an answer.", "%(count)s messages wait for an answer.", count
    )
    yield Notice(count, words % {"count": count}, reverse("inbox"), icon="mail", is_wrong=False)
