"""The form for visitors on the contact page."""

import re

from django import forms
from django.core.signing import BadSignature
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.forms import BaseForm, FormBuilder
from wagtail.models import Page

from home.forms.stamps import LIFETIME, age_of, new_stamp, signer
from home.querysets import BasePageQuerySet

# Minimum seconds from loading the form to sending it. Programs are faster. `problems` names the number.
SHORTEST_WRITING = 3
# Characters of all answers together, and links in them.
LONGEST, MOST_LINKS = 20_000, 10
LINK = re.compile(r"(?:://|\bwww\.)[^\s,;|<>\"'\[\]]*|\bhref\b|\[url|\w\.[a-z]{2,}/", re.IGNORECASE)


def public_page(number):
    """Return the public page with this number, or None."""
    is_number = re.fullmatch(r"\d{1,9}", str(number or ""))
    return BasePageQuerySet(Page).for_visitors().filter(pk=number).first() if is_number else None


class MessageForm(BaseForm):
    """
    The editors' questions, the page that the message is about, if any, and two fields that tell programs from
    people without a cookie: one that people leave empty, and a stamp.

    Nothing that a sender typed is lost: the form comes back as it was, with a sentence on what to do.
    """

    # Fields that editors name cannot have hyphens.
    EMPTY = "web-site"
    MADE = "made-at"
    ABOUT = "about-page"
    signer = signer

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[self.EMPTY] = forms.CharField(label=_("Leave this field empty"), required=False)
        self.fields[self.MADE] = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_stamp)
        self.fields[self.ABOUT] = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def visible_questions(self):
        return [field for field in self.visible_fields() if field.name != self.EMPTY]

    @property
    def empty_field(self):
        """The field that is hidden from people."""
        return self[self.EMPTY]

    @cached_property
    def about(self):
        """The public page that the message is about, or None."""
        return public_page(self[self.ABOUT].value())

    def clean(self):
        cleaned_data = super().clean()
        del cleaned_data[self.ABOUT]
        self.stamp = cleaned_data.pop(self.MADE, "")
        is_filled = cleaned_data.pop(self.EMPTY, "")
        if problems := [*self.problems("".join(map(str, cleaned_data.values())), is_filled)]:
            raise forms.ValidationError(problems)
        if self.about:
            cleaned_data[self.ABOUT] = f"{self.about.title}, {self.about.full_url}"
        return cleaned_data

    def problems(self, text, is_filled):
        """Yield what a sender has to do before the form can be sent."""
        if is_filled:
            yield _("Please empty the field that says “Leave this field empty”, then send again.")
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
        try:
            age = age_of(self.stamp)
        except BadSignature:
            self.renew_stamp()
            yield _("The page had changed in the meantime. Please send the message again.")
            return
        if age > LIFETIME:
            self.renew_stamp()
            yield _("This page had been open for more than 12 hours. Please send the message again.")
        elif age < SHORTEST_WRITING:
            yield _("That was very quick. Please wait three seconds, then send it again.")

    def renew_stamp(self, **options):
        """Let the form come back with a new stamp, so that it can be sent."""
        self.data = self.data.copy()
        self.data[self.MADE] = new_stamp(**options)


class MessageFormBuilder(FormBuilder):
    def get_form_class(self):
        return type("ContactForm", (MessageForm,), self.formfields)
