"""The form for visitors on the contact page."""

import re

from django import forms
from django.core.signing import BadSignature
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

from home.forms.stamps import LIFETIME, age_of, new_stamp, signer

# Minimum seconds from loading the form to sending it. Programs are faster. `stamp_problem` names the number.
SHORTEST_WRITING = 3
# Characters of all answers together, and links in them.
LONGEST, MOST_LINKS = 20_000, 10
LINK = re.compile(r"(?:://|\bwww\.)[^\s,;|<>\"'\[\]]*|\bhref\b|\[url|\w\.[a-z]{2,}/", re.IGNORECASE)


class MessageForm(BaseForm):
    """
    The editors' questions, and two fields that tell programs from people without a cookie: one that people
    leave empty, and a stamp.

    Nothing that a sender typed is lost: the form comes back as it was, with a sentence on what to do.
    """

    # Fields that editors name cannot have hyphens.
    EMPTY = "web-site"
    MADE = "made-at"
    signer = signer

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[self.EMPTY] = forms.CharField(label=_("Leave this field empty"), required=False)
        self.fields[self.MADE] = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_stamp)

    @property
    def visible_questions(self):
        return [field for field in self.visible_fields() if field.name != self.EMPTY]

    @property
    def empty_field(self):
        """The field that is hidden from people."""
        return self[self.EMPTY]

    def clean(self):
        cleaned_data = super().clean()
        self.stamp = cleaned_data.pop(self.MADE, "")
        if cleaned_data.pop(self.EMPTY, ""):
            self.add_error(
                None, _("Please empty the field that says “Leave this field empty”, then send again.")
            )
        for words in self.size_problems("".join(map(str, cleaned_data.values()))):
            self.add_error(None, words)
        if words := self.stamp_problem():
            self.add_error(None, words)
        return cleaned_data

    def size_problems(self, text):
        count = len(text.replace("\r\n", "\n"))
        if count > LONGEST:
            words = _(
                "Your message has %(count)s characters. At most 20,000 can be sent at once. Please shorten "
                "it, or send it in several parts."
            )
            yield words % {"count": f"{count:,}"}
        count = len(LINK.findall(text))
        if count > MOST_LINKS:
            words = _(
                "Your message has %(count)s links. At most 10 can be sent at once, because advertising often "
                "has many. Please leave some out, or send them in another message."
            )
            yield words % {"count": count}

    def stamp_problem(self):
        """Return what to do if the form is forged, too old, or sent faster than a person can write."""
        try:
            age = age_of(self.stamp)
        except BadSignature:
            self.renew_stamp()
            return _("The page had changed in the meantime. Please send the message again.")
        if age > LIFETIME:
            self.renew_stamp()
            return _("This page had been open for more than 12 hours. Please send the message again.")
        if age < SHORTEST_WRITING:
            return _("That was very quick. Please wait three seconds, then send it again.")
        return None

    def renew_stamp(self, **options):
        """Let the form come back with a new stamp, so that it can be sent."""
        self.data = self.data.copy()
        self.data[self.MADE] = new_stamp(**options)


class MessageFormBuilder(FormBuilder):
    def get_form_class(self):
        return type("ContactForm", (MessageForm,), self.formfields)
