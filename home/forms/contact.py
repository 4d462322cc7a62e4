"""The form for visitors on the contact page."""

import time

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

# Minimum seconds from loading the form to sending it. Programs are faster. `timing_error` names the number.
SHORTEST_WRITING = 3


class MessageForm(BaseForm):
    """
    The editors' questions, and two fields that tell programs from people without a cookie: one that people
    leave empty, and the signed time at which the form was rendered.

    Nothing that a sender typed is lost: the form comes back as it was, with a sentence on what to do.
    """

    # Fields that editors name cannot have hyphens.
    EMPTY = "web-site"
    MADE = "made-at"
    signer = signing.Signer(salt="home.contact")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[self.EMPTY] = forms.CharField(label=_("Leave this field empty"), required=False)
        self.fields[self.MADE] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=self.sign_now
        )

    def sign_now(self):
        return self.signer.sign(str(int(time.time())))

    @property
    def visible_questions(self):
        return [field for field in self.visible_fields() if field.name != self.EMPTY]

    @property
    def empty_field(self):
        """The field that is hidden from people."""
        return self[self.EMPTY]

    def clean(self):
        cleaned_data = super().clean()
        if cleaned_data.pop(self.EMPTY, ""):
            self.add_error(
                None, _("Please empty the field that says “Leave this field empty”, then send again.")
            )
        if error := self.timing_error(cleaned_data.pop(self.MADE, "")):
            self.add_error(None, error)
            # Sign a new time, so that the form that comes back can be sent.
            self.data = self.data.copy()
            self.data[self.MADE] = self.sign_now()
        return cleaned_data

    def timing_error(self, made_at):
        """Return the error for a form that was forged, or sent faster than a person can write, or None."""
        try:
            age = time.time() - int(self.signer.unsign(made_at))
        except (signing.BadSignature, ValueError):
            return _("The page had changed in the meantime. Please send the message again.")
        if age < SHORTEST_WRITING:
            return _("That was very quick. Please wait three seconds, then send it again.")
        return None


class MessageFormBuilder(FormBuilder):
    def get_form_class(self):
        return type("ContactForm", (MessageForm,), self.formfields)
