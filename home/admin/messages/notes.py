from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from home.admin.messages.access import ReaderMixin, log_access
from home.models import InboxKey, MessageNote
from home.sealing.files import kind_of

# Characters of a note, and of a sealed one.
LONGEST, LONGEST_SEALED = 1000, 30_000


class NoteForm(forms.ModelForm):
    """A note: plain as long as the inbox has no key, else sealed by the browser."""

    class Meta:
        model = MessageNote
        fields = ["text", "key"]

    def clean(self):
        data = super().clean()
        text = data.get("text", "")
        if InboxKey.objects.exists():
            if len(text) > LONGEST_SEALED or not data.get("key") or kind_of(text) != "X25519":
                raise forms.ValidationError(
                    _("The note was not saved, because the inbox is sealed. Copy it, and reload the message.")
                )
        elif len(text) > LONGEST:
            words = _("The note was not saved, because it is longer than %(count)s characters.")
            raise forms.ValidationError(words % {"count": LONGEST})
        return data


class AddNote(ReaderMixin, View):
    """Add a note to a message. The browser sends a sealed note by script, so it needs only the status."""

    http_method_names = ["post"]

    def post(self, request, pk):
        message = get_object_or_404(self.readable, pk=pk)
        form = NoteForm(request.POST, instance=MessageNote(message=message, made_by=request.user))
        if form.is_valid():
            form.save()
            log_access("home.message.note", [message])
            if form.instance.key:
                return HttpResponse(status=204)
            messages.success(request, _("The note is added."))
        elif InboxKey.objects.exists():
            # A screen from before the inbox was sealed sent it plain. Give it back, and store it nowhere.
            words = [*form.non_field_errors(), request.POST.get("text", "")]
            return HttpResponse("\n\n".join(words), "text/plain; charset=utf-8", status=422)
        else:
            for words in form.non_field_errors() or [_("The note is empty.")]:
                messages.warning(request, words)
        return redirect("message", pk)
