"""
The screen on which administrators seal the inbox, change its passphrase, and replace its key.

The browser makes and encrypts the key (leadwatch/static/site_admin/inbox_key.js). The passphrase never leaves
it.
"""

import re

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages as notes
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from home.accounts.mails import tell_administrators
from home.admin.front.panel import Notice
from home.admin.messages.access import ReaderMixin, log_access
from home.admin.screens import breadcrumbs
from home.blocks.page_links import NUMBER
from home.models import ContactMessage, ContactPage, InboxKey, MessageNote
from home.sealing.erasing import erase_for_good
from home.sealing.files import is_public_key, kind_of

# The number of messages that the browser seals again at a time.
BATCH = 20
PART = re.compile(r"(message|note)-(\d{1,18})")
# What administrators are told, by the action in the audit log.
SENTENCES = {
    "home.inbox_key.make": gettext_lazy(
        "The inbox was sealed. Messages from visitors are encrypted, and only its passphrase opens them."
    ),
    "home.inbox_key.replace": gettext_lazy(
        "The key of the inbox was replaced. Only its new passphrase opens new messages."
    ),
    "home.inbox_key.passphrase": gettext_lazy("The passphrase of the inbox was changed."),
}


class AdministratorMixin(ReaderMixin):
    def test_func(self):
        return self.request.user.is_superuser


class InboxKeyScreen(AdministratorMixin, WagtailAdminTemplateMixin, TemplateView):
    header_icon = "lock"
    template_name = "home/admin/inbox_key.html"

    def get_page_title(self):
        has_key = InboxKey.objects.exists()
        return _("Passphrase and key") if has_key else _("Seal the inbox")

    def get_breadcrumbs_items(self):
        return breadcrumbs((reverse("inbox"), _("Messages")), ("", self.get_page_title()))

    def get_context_data(self, **kwargs):
        key = InboxKey.objects.current()
        return super().get_context_data(**kwargs) | {
            "key": key,
            "plain": ContactMessage.objects.filter(key=None).count(),
            "earlier": sealed_with_earlier().count(),
        }

    def post(self, request):
        public, private = (request.POST.get(name, "").replace("\r\n", "\n") for name in ("public", "private"))
        key = InboxKey.objects.current()
        if not is_public_key(public) or kind_of(private) != "scrypt":
            notes.error(request, _("The key was not saved. Please try again."))
        elif key and key.public == public:
            key.private = private
            key.save()
            report(request, "home.inbox_key.passphrase", key)
        else:
            new = InboxKey.objects.create(public=public, private=private, made_by=request.user)
            ContactMessage.objects.seal_plain(new)
            InboxKey.objects.delete_unused()
            erase_for_good()
            report(request, "home.inbox_key.replace" if key else "home.inbox_key.make", new)
        return redirect("inbox_key")


def report(request, action, key):
    """Tell the user about a change of the key, log it, and mail it to all administrators."""
    notes.success(request, SENTENCES[action])
    log_access(action, [key])
    tell_administrators(
        gettext_lazy("The key of the inbox was changed"),
        SENTENCES[action],
        gettext_lazy(
            "If you did not expect this, ask the other administrators at once, in person or by phone. "
            "Whoever has the passphrase can read the messages."
        ),
        by=request.user,
    )


def sealed_with_earlier():
    """Return the messages that are sealed, or have a note that is sealed, with an earlier key."""
    keys = InboxKey.objects.earlier()
    by_note = MessageNote.objects.filter(key__in=keys).values("message")
    return ContactMessage.objects.filter(Q(key__in=keys) | Q(pk__in=by_note)).order_by("pk")


class Reseal(AdministratorMixin, View):
    """
    Exchange what is sealed with an earlier key for the same sealed with the current one.

    GET returns the next messages after a number. POST takes what the browser has made of them.
    """

    def get(self, request):
        after = request.GET.get("after", "")
        messages = sealed_with_earlier().filter(pk__gt=after if NUMBER.fullmatch(after) else 0)
        rows = [
            {"pk": message.pk, "parts": list(parts_of(message))}
            for message in messages.prefetch_related("notes")[:BATCH]
        ]
        return JsonResponse({"messages": rows})

    def post(self, request):
        key = InboxKey.objects.current()
        if not key or request.POST.get("key") != str(key.pk):
            return HttpResponse(status=409)
        sent = request.POST.items()
        parts = [(*found.groups(), text) for name, text in sent if (found := PART.fullmatch(name))]
        if any(kind_of(text) != "X25519" for *_part, text in parts):
            return HttpResponse(status=422)
        for kind, pk, text in parts:
            model, field = (ContactMessage, "sealed") if kind == "message" else (MessageNote, "text")
            model.objects.filter(pk=pk).exclude(key=None).update(key=key, **{field: text})
        numbers = [pk for kind, pk, _text in parts if kind == "message"]
        log_access("home.message.reseal", ContactMessage.objects.filter(pk__in=numbers))
        InboxKey.objects.delete_unused()
        erase_for_good()
        if not sealed_with_earlier().exists():
            notes.success(request, _("All messages are sealed with the current key."))
        return HttpResponse(status=204)


def parts_of(message):
    """Yield the message and its notes, with the names by which `PART` knows them."""
    yield {"name": f"message-{message.pk}", "key": message.key_id, "sealed": message.sealed}
    for note in message.notes.all():
        yield {"name": f"note-{note.pk}", "key": note.key_id, "sealed": note.text}


@hooks.register("register_notice")
def key_to_make_or_replace(request):
    if not request.user.is_superuser:
        return
    if not InboxKey.objects.exists() and ContactPage.objects.exists():
        words = _("Messages from visitors are stored without encryption. Seal the inbox.")
        yield Notice(1, words, reverse("inbox_key"), icon="lock", is_wrong=False, order=4)
    words = ngettext(
        "%(count)s message is sealed with an earlier key.",
        "%(count)s messages are sealed with an earlier key.",
        count := sealed_with_earlier().count(),
    )
    yield Notice(count, words % {"count": count}, reverse("inbox_key"), icon="lock", order=4)
