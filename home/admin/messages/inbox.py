"""The screens that list, show and delete messages, with their URLs and menu item."""

from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, re_path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import DetailView, ListView
from wagtail import hooks
from wagtail.admin import messages as notes
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.models import ModelLogEntry

from home.admin.front.panel import Notice
from home.admin.messages.access import ReaderMixin, log_access
from home.admin.messages.export import Export, SealedExport
from home.admin.messages.key import InboxKeyScreen, Reseal
from home.admin.messages.notes import AddNote
from home.admin.screens import breadcrumbs
from home.blocks.page_links import NUMBER
from home.models import ContactMessage, InboxKey

# The number of log entries shown with a message, newest first.
MOST_LINES = 50

State = ContactMessage.State


class Inbox(ReaderMixin, WagtailAdminTemplateMixin, ListView):
    page_title = gettext_lazy("Messages")
    header_icon = "mail"
    breadcrumbs_items = breadcrumbs(("", page_title))
    template_name = "home/admin/inbox.html"
    paginate_by = 25
    page_kwarg = "p"

    def get_queryset(self):
        messages, self.state = self.in_state()
        return messages

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        listed = context["object_list"]
        if listed:
            log_access("home.message.list", {message.page.contactpage for message in listed})
        counts = dict(self.readable.order_by().values_list("state").annotate(Count("pk")))
        tabs = [("", _("All"), sum(counts.values()))]
        tabs += [(state, label, counts.get(state, 0)) for state, label in State.choices]
        return context | {"state": self.state, "tabs": tabs}


class Message(ReaderMixin, WagtailAdminTemplateMixin, DetailView):
    """A whole message, marked read when it is opened. POST changes its state."""

    header_icon = "mail"
    template_name = "home/admin/message.html"
    context_object_name = "message"

    def get_queryset(self):
        return self.readable

    def get_page_title(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        return breadcrumbs((reverse("inbox"), _("Messages")), ("", self.get_page_title()))

    def get_object(self, queryset=None):
        message = super().get_object(queryset)
        log_access("home.message.open", [message])
        if message.state == State.UNREAD:
            message.state = State.READ
            message.save(update_fields=["state"])
        return message

    def get_context_data(self, **kwargs):
        lines = ModelLogEntry.objects.for_instance(self.object).prefetch_related("user")[:MOST_LINES]
        return super().get_context_data(**kwargs) | {
            "lines": lines,
            "assignments": self.object.assignments.open(),
        }

    def post(self, request, pk):
        message = get_object_or_404(self.readable, pk=pk)
        state = request.POST.get("state")
        if state in State.values:
            with transaction.atomic():
                message.state = state
                message.save(update_fields=["state"])
                if state == State.ANSWERED:
                    message.assignments.finish()
                log_access(f"home.message.{state}", [message])
            words = _("%(message)s: %(state)s.") % {"message": message, "state": message.get_state_display()}
            notes.success(request, words)
        return redirect("inbox")


class Delete(ReaderMixin, View):
    """Delete the selected messages permanently, after a confirmation."""

    http_method_names = ["post"]

    def post(self, request):
        numbers = filter(NUMBER.fullmatch, request.POST.getlist("message"))
        chosen = self.readable.filter(pk__in=list(numbers))
        if not chosen:
            notes.warning(request, _("No message is selected."))
        elif "confirmed" not in request.POST:
            context = {"title": _("Delete messages"), "icon": "bin", "chosen": chosen}
            return TemplateResponse(request, "home/admin/delete_messages.html", context)
        else:
            self.delete(chosen)
        return redirect("inbox")

    def delete(self, chosen):
        with transaction.atomic():
            log_access("home.message.delete", chosen, deleted=True)
            ContactMessage.objects.filter(pk__in=[message.pk for message in chosen]).delete()
            InboxKey.objects.delete_unused()
        words = ngettext("%(count)s message was deleted.", "%(count)s messages were deleted.", len(chosen))
        notes.success(self.request, words % {"count": len(chosen)})


# Before Wagtail's own URLs: its screens for form submissions would bypass the audit log.
@hooks.register("register_admin_urls", order=-1)
def message_urls():
    return [
        path("messages/", Inbox.as_view(), name="inbox"),
        path("messages/<int:pk>/", Message.as_view(), name="message"),
        path("messages/delete/", Delete.as_view(), name="delete_messages"),
        path("messages/<int:pk>/note/", AddNote.as_view(), name="add_note"),
        path("messages/key/", InboxKeyScreen.as_view(), name="inbox_key"),
        path("messages/key/earlier/", Reseal.as_view(), name="reseal_messages"),
        path("messages/sealed.json", SealedExport.as_view(), name="sealed_messages"),
        re_path(r"^messages/export\.(?P<extension>csv|xlsx)$", Export.as_view(), name="export_messages"),
        re_path(r"^forms/", lambda request: redirect("inbox")),
    ]


class MessagesMenuItem(MenuItem):
    def is_shown(self, request):
        return get_forms_for_user(request.user).exists()

    def render_component(self, request):
        unread = ContactMessage.objects.readable_by(request.user).filter(state=State.UNREAD).count()
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
    count = ContactMessage.objects.readable_by(request.user).exclude(state=State.ANSWERED).count()
    words = ngettext(
        "%(count)s message waits for an answer.", "%(count)s messages wait for an answer.", count
    )
    yield Notice(count, words % {"count": count}, reverse("inbox"), icon="mail", is_wrong=False)
