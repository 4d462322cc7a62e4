from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from home.admin.messages.access import NOTED, ReaderMixin, log_access
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
        is_sealed = bool(InboxKey.objects.exists())
        if is_sealed and not (data.get("key") and kind_of(text) == "X25519"):
            raise forms.ValidationError(_("The note was not saved, because it was not sealed."))
        if len(text) > (LONGEST_SEALED if is_sealed else LONGEST):
            raise forms.ValidationError(
                _("The note was not saved, because it is longer than %(count)s characters.")
                % {"count": LONGEST}
            )
        return data


class AddNote(ReaderMixin, View):
    """Add a note to a message. The browser sends a sealed note by script, so it needs only the status."""

    http_method_names = ["post"]

    def post(self, request, pk):
        message = get_object_or_404(self.readable, pk=pk)
        form = NoteForm(request.POST, instance=MessageNote(message=message, made_by=request.user))
        if form.is_valid():
            note = form.save()
            log_access(NOTED, [message])
            if note.key:
                return HttpResponse(status=204)
        elif InboxKey.objects.exists():
            return HttpResponse(status=422)
        else:
            for words in form.non_field_errors() or [_("The note is empty.")]:
                messages.warning(request, words)
        return redirect("message", pk)
