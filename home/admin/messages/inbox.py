"""
The messages that visitors sent by the contact form.

They may come from people at risk. So fewer people than can edit the contact page may read them, no answer is
stored by a browser, and each access is in the audit log, which holds no word of a message.
"""

from collections import defaultdict
from itertools import chain

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, re_path, reverse, reverse_lazy
from django.utils import timezone
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
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.admin.front.panel import Notice
from home.blocks.page_links import NUMBER
from home.exports.spreadsheets import CSV, XLSX, as_csv, as_xlsx, guarded
from home.models import ContactMessage
from home.skipping import each_made

State = ContactMessage.State

# Lines of the log that are shown beside a message, the newest.
MOST_LINES = 50

# What the audit log calls an access, and says of it.
LISTED, OPENED, EXPORTED, DELETED = (
    f"home.message.{action}" for action in ("list", "open", "export", "delete")
)
ACTIONS = {
    LISTED: (gettext_lazy("List messages"), gettext_lazy("Messages listed, with their first words")),
    OPENED: (gettext_lazy("Open message"), gettext_lazy("Opened")),
    EXPORTED: (gettext_lazy("Export message"), gettext_lazy("Taken out in a file")),
    DELETED: (gettext_lazy("Delete message"), gettext_lazy("Deleted")),
    f"home.message.{State.UNREAD}": (gettext_lazy("Mark message unread"), gettext_lazy("Marked unread")),
    f"home.message.{State.READ}": (
        gettext_lazy("Mark message not answered"),
        gettext_lazy("Marked not answered"),
    ),
    f"home.message.{State.ANSWERED}": (
        gettext_lazy("Mark message answered"),
        gettext_lazy("Marked answered"),
    ),
}


def record(action, things, **fields):
    """
    Write an access into the audit log, a line for each thing.

    Administrators alone see it in the history of the site, since nobody is granted anything with messages.

    :param things: messages, or contact pages whose messages were listed.
    """
    context = get_active_log_context()
    now = timezone.now()
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=ContentType.objects.get_for_model(thing),
            object_id=str(thing.pk),
            label=str(thing),
            action=action,
            user=context.user,
            uuid=context.uuid,
            timestamp=now,
            **fields,
        )
        for thing in things
    )


class ForReaders:
    """A view for those who may read messages of some contact page, of these messages only."""

    def dispatch(self, request, *args, **kwargs):
        if not get_forms_for_user(request.user).exists():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def readable(self):
        return ContactMessage.objects.readable_by(self.request.user)

    def in_state(self):
        """Of the readable messages, those in the state that the address asks for, and this state, if any."""
        state = self.request.GET.get("state")
        return (self.readable.filter(state=state), state) if state in State.values else (self.readable, "")


class Inbox(ForReaders, WagtailAdminTemplateMixin, ListView):
    """The list, newest first."""

    page_title = gettext_lazy("Messages")
    header_icon = "mail"
    template_name = "home/admin/inbox.html"
    paginate_by = 25
    page_kwarg = "p"

    def get_queryset(self):
        messages, self.state = self.in_state()
        return messages

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        listed = context["object_list"]
        if listed:
            record(LISTED, {message.page.contactpage for message in listed})
        counts = self.readable.counts_by_state()
        tabs = [("", _("All"), sum(counts.values()))]
        tabs += [(state, label, counts.get(state, 0)) for state, label in State.choices]
        return context | {"state": self.state, "tabs": tabs}


class Message(ForReaders, WagtailAdminTemplateMixin, DetailView):
    """All of a message. To open it is to read it; POST says what became of it."""

    header_icon = "mail"
    template_name = "home/admin/message.html"
    context_object_name = "message"

    def get_queryset(self):
        return self.readable

    def get_page_title(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        inbox = {"url": reverse("inbox"), "label": _("Messages")}
        return [*self.breadcrumbs_items, inbox, {"url": "", "label": self.get_page_title()}]

    def get_object(self, queryset=None):
        message = super().get_object(queryset)
        record(OPENED, [message])
        if message.state == State.UNREAD:
            message.state = State.READ
            message.save(update_fields=["state"])
        return message

    def get_context_data(self, **kwargs):
        lines = ModelLogEntry.objects.for_instance(self.object).prefetch_related("user")[:MOST_LINES]
        return super().get_context_data(**kwargs) | {"lines": lines}

    def post(self, request, pk):
        message = get_object_or_404(self.readable, pk=pk)
        state = request.POST.get("state")
        if state in State.values:
            with transaction.atomic():
                message.state = state
                message.save(update_fields=["state"])
                record(f"home.message.{state}", [message])
            words = _("%(message)s: %(state)s.") % {"message": message, "state": message.get_state_display()}
            notes.success(request, words)
        return redirect("inbox")


class Delete(ForReaders, View):
    """Deletes the chosen messages, once asked whether to, and deleted for good."""

    http_method_names = ["post"]

    def post(self, request):
        numbers = filter(NUMBER.fullmatch, request.POST.getlist("message"))
        chosen = self.readable.filter(pk__in=list(numbers))
        if not chosen:
            notes.warning(request, _("No message was chosen."))
        elif "confirmed" not in request.POST:
            return TemplateResponse(request, "home/admin/delete_messages.html", {"chosen": chosen})
        else:
            self.delete(chosen)
        return redirect("inbox")

    def delete(self, chosen):
        with transaction.atomic():
            record(DELETED, chosen, deleted=True)
            ContactMessage.objects.filter(pk__in=[message.pk for message in chosen]).delete()
        words = ngettext("%(count)s message is deleted.", "%(count)s messages are deleted.", len(chosen))
        notes.success(self.request, words % {"count": len(chosen)})


class Export(ForReaders, View):
    """The messages in a table, all of them or those in a state."""

    def get(self, request, extension):
        messages, _state = self.in_state()
        record(EXPORTED, messages)
        rows = rows_of(messages)
        if extension == "csv":
            response = StreamingHttpResponse(as_csv(rows), content_type=CSV)
        else:
            response = StreamingHttpResponse(as_xlsx("Messages", rows), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="messages.{extension}"'
        return response


def rows_of(messages):
    """Texts for a spreadsheet, the headings first. Questions of several contact pages stand side by side."""
    asked = each_made(lambda message: [question for question, _answer in message.answers], messages)
    questions = list(dict.fromkeys(chain.from_iterable(asked)))
    yield [_("Day"), _("State"), _("Deleted on"), *map(guarded, questions)]

    def row_of(message):
        answers = defaultdict(list)
        for question, answer in message.answers:
            answers[question].append(answer)
        return [
            message.day.isoformat(),
            message.get_state_display(),
            message.deletion_day.isoformat(),
            *(guarded("\n".join(answers[question])) for question in questions),
        ]

    yield from each_made(row_of, messages)


# Before Wagtail's own, whose screens for what forms collected would be a way around the log.
@hooks.register("register_admin_urls", order=-1)
def inbox_urls():
    return [
        path("messages/", Inbox.as_view(), name="inbox"),
        path("messages/<int:pk>/", Message.as_view(), name="message"),
        path("messages/delete/", Delete.as_view(), name="delete_messages"),
        re_path(r"^messages/export\.(?P<extension>csv|xlsx)$", Export.as_view(), name="export_messages"),
        re_path(r"^forms/", lambda request: redirect("inbox")),
    ]


class MessagesMenuItem(MenuItem):
    """Leads to the inbox and says how many messages in it are unread."""

    def is_shown(self, request):
        return get_forms_for_user(request.user).exists()

    def render_component(self, request):
        unread = ContactMessage.objects.readable_by(request.user).unread().count()
        label = _("Messages (%(count)s)") % {"count": unread} if unread else self.label
        return LinkMenuItem(self.name, label, self.url, icon_name=self.icon_name, classname=self.classname)


@hooks.register("register_admin_menu_item")
def messages_in_the_menu():
    return MessagesMenuItem(
        gettext_lazy("Messages"), reverse_lazy("inbox"), name="messages", icon_name="mail", order=250
    )


@hooks.register("construct_main_menu")
def without_the_forms_of_wagtail(request, menu_items):
    menu_items[:] = [item for item in menu_items if item.name != "forms"]


@hooks.register("register_notice")
def messages_that_wait(request):
    waiting = ContactMessage.objects.readable_by(request.user).waiting().count()
    words = ngettext(
        "%(count)s message waits for an answer.", "%(count)s messages wait for an answer.", waiting
    )
    yield Notice(waiting, words % {"count": waiting}, reverse("inbox"), icon="mail", is_wrong=False)


@hooks.register("register_log_actions")
def accesses_to_messages(actions):
    for name, (label, words) in ACTIONS.items():
        actions.register_action(name, label, words)


@hooks.register("filter_form_submissions_for_user")
def messages_are_for_those_who_publish(user, queryset):
    """Messages may come from people at risk, so fewer people than can edit the page may read them."""
    return PagePermissionPolicy().instances_user_has_permission_for(user, "publish") & queryset
