"""The form of a translation: only what is to be translated, beside the words of the original."""

from django import forms
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import Panel
from wagtail.models import Page

from home.dates import values
from home.dates.fields import PreciseDateField
from home.translating.following import row_of
from home.translating.machine import note_as_read
from home.translating.models import Machine
from home.translating.originals import has_changed, original_of, share
from home.translating.sides import sides_of


class Answer(models.TextChoices):
    DONE = "done", _("Yes, this translation says all that it says now")
    LATER = "later", _("Not yet")


class TranslationForm(WagtailAdminModelForm):
    """
    Leaves out what is changed on the original alone. Asks whether the translation is up to date, and, if a
    machine made it, whether somebody has read it.

    The form says whether it `goes_to_visitors`, rather than being saved as a draft, and whether it
    `is_autosave`.
    """

    translation_answer = forms.ChoiceField(
        label=_("Is the translation up to date with it?"),
        choices=Answer,
        widget=forms.RadioSelect,
        required=False,
    )

    machine_read = forms.BooleanField(
        label=_("I have read all of it, and corrected what was wrong"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.original = original_of(self.instance)
        if self.original:
            # Something may have been translated since.
            share(self.original, self.instance)
            for name in self.instance.shared_fields:
                self.fields.pop(name, None)
                getattr(self, "formsets", {}).pop(name, None)

    @cached_property
    def row(self):
        return row_of(self.instance) if self.original else None

    @cached_property
    def is_behind(self):
        """Whether to ask: readers are told of a change, and nobody has said yet that it is translated."""
        is_told = "translation_answer" in self.fields and self.row and self.row.behind_since
        return bool(is_told) and has_changed(self.row.follows, self.original)

    @property
    def is_unread(self):
        return "machine_read" in self.fields and bool(self.row) and self.row.machine == Machine.UNREAD

    def clean(self):
        cleaned = super().clean()
        # The obstacles, which are looked up before the form is saved, ask for it.
        self.instance.is_read_now = bool(self.is_unread and self.cleaned_data.get("machine_read"))
        if self.is_unread and self.goes_to_visitors and not self.instance.is_read_now:
            self.add_error("machine_read", _("Say that you have read it. It is not published yet."))
        if self.is_behind and self.goes_to_visitors and not self.cleaned_data.get("translation_answer"):
            words = _("Please choose one. If you choose “Not yet”, readers are told that it is not.")
            self.add_error("translation_answer", words)
        return cleaned

    def save(self, commit=True):
        page = super().save(commit=commit)
        # An autosave comes before the form is sent, perhaps with another answer.
        is_done = self.cleaned_data.get("translation_answer") == Answer.DONE
        if self.is_behind and is_done and not self.is_autosave:
            page.up_to_date_with = self.original
        # The question about corrections calls it before, without committing. The page is a draft.
        if getattr(page, "is_read_now", False) and commit and not self.is_autosave:
            note_as_read(page, getattr(self, "for_user", None))
        return page


class TranslationPanel(Panel):
    """The original of a translation. A script puts the words of each field and block beside it."""

    def get_form_options(self):
        return {"fields": ["translation_answer", "machine_read"]}

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/admin/translation.html"

        class Media:
            css = {"all": ["site_admin/translation.css"]}
            js = ["site_admin/translation.js"]

        @property
        def original(self):
            return self.form.original

        def is_shown(self):
            return bool(self.form is not None and self.original)

        def show_panel_furniture(self):
            return False

        @property
        def can_try_again(self):
            """Return whether a machine was asked, but has not translated it yet, and it is a draft."""
            is_done = self.form.row.machine in (Machine.NONE, Machine.UNREAD)
            return not is_done and not self.instance.live

        @property
        def beginning(self):
            """The address at which the service is asked again."""
            kind = "page" if isinstance(self.original, Page) else self.original._meta.model_name
            language = self.instance.locale.language_code
            return reverse("begin_translation", args=[kind, self.original.pk, language])

        @cached_property
        def sides(self):
            return list(sides_of(self.form.row, self.original, self.instance, self.request))

        @cached_property
        def shared(self):
            """Pairs of a label and the value of each filled-in field that both languages share."""
            return [
                (label_of(field), value)
                for name in self.instance.shared_fields
                if (field := self.original._meta.get_field(name)) and (value := shown(self.original, field))
            ]


def label_of(field):
    return capfirst(
        field.related_model._meta.verbose_name_plural if field.one_to_many else field.verbose_name
    )


def shown(thing, field):
    """Return the value of a field for people; the empty string if there is none."""
    value = getattr(thing, field.name)
    if field.one_to_many or field.many_to_many:
        return "\n".join(str(each) for each in value.all())
    if field.choices:
        return getattr(thing, f"get_{field.name}_display")()
    return values.for_people(value) if isinstance(field, PreciseDateField) and value else str(value or "")
