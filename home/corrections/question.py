"""
Ask whether a change is a correction when somebody publishes or submits a published page with changed claims.

Readers see the answer on the page and in the feeds, unless only the wording has changed.
"""

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel
from wagtail.admin.widgets import AdminAutoHeightTextInput

from home.corrections.claims import claims_of, digest
from home.corrections.models import Correction, WordingChange

# The buttons of Wagtail's form that publish a page, or submit it for publication.
ACTIONS = ["action-publish", "action-submit", "action-restart-workflow", "action-workflow-action"]
# The fields that Wagtail's script adds when somebody approves.
APPROVAL = ["workflow-action-name", "workflow-action-extra-data"]


class Answer(models.TextChoices):
    CORRECTION = Correction.Kind.CORRECTION.value, _("Yes, something was wrong")
    UPDATE = Correction.Kind.UPDATE.value, _("No, something is new")
    WORDING = "wording", _("No, only wording, spelling or links")


class Change:
    """The difference between a draft and the published page."""

    def __init__(self, page):
        self.page = page

    @cached_property
    def published(self):
        return type(self.page)._default_manager.filter(pk=self.page.pk, live=True).first()

    @cached_property
    def _claims(self):
        return claims_of(self.published), claims_of(self.page)

    @property
    def is_open(self):
        """Whether claims have changed, and nobody has said what kind of change it is."""
        if self.published is None:
            return False
        before, after = self._claims
        return before != after and not self._is_told and not self._is_wording

    @property
    def _is_told(self):
        known = {correction.pk for correction in self.published.corrections.all()}
        return any(correction.pk not in known for correction in self.page.corrections.all())

    @property
    def _is_wording(self):
        return WordingChange.objects.filter(page=self.page.pk, digest=digest(*self._claims)).exists()

    def settle(self, answer, text):
        """Save the answer: with the draft if readers will see it, else as a WordingChange."""
        if answer == Answer.WORDING:
            WordingChange.objects.update_or_create(
                page_id=self.page.pk, defaults={"digest": digest(*self._claims)}
            )
            return
        place = len(self.page.corrections.all())
        self.page.corrections.add(Correction(kind=answer, text=text, date=self._day, sort_order=place))

    @property
    def _day(self):
        """The day on which visitors will see the change."""
        now = timezone.now()
        return timezone.localdate(max(self.page.go_live_at or now, now))


class CorrectionForm(WagtailAdminPageForm):
    """Asks about changed claims of a published page. Saving a draft never asks."""

    correction_answer = forms.ChoiceField(
        label=_("Is this a correction?"), choices=Answer, widget=forms.RadioSelect, required=False
    )
    correction_text = forms.CharField(
        label=_("What was wrong, or what is new"),
        help_text=_("One sentence for readers. They see it on the page and in the feed, with the date."),
        widget=AdminAutoHeightTextInput,
        required=False,
    )

    # The change that is asked about, or None.
    change = None
    # Whether this is the first time, so that nothing is wrong yet.
    asks_first = False

    def is_valid(self):
        return super().is_valid() and not self.asks_first

    def _post_clean(self):
        super()._post_clean()
        is_valid = not self.errors and all(formset.is_valid() for formset in self.formsets.values())
        if is_valid and self.goes_to_visitors:
            change = Change(super().save(commit=False))
            if change.is_open:
                self.change = change
                self._check_answer()

    def _check_answer(self):
        answer = self.cleaned_data["correction_answer"]
        self.asks_first = not answer and self.add_prefix("correction_text") not in self.data
        if self.asks_first:
            return
        if not answer:
            self.add_error("correction_answer", _("Please choose one. It is not published yet."))
        elif answer != Answer.WORDING and not self.cleaned_data["correction_text"]:
            self.add_error("correction_text", _("Please tell readers in a sentence."))

    @property
    def action(self):
        """The name of the button that publishes or submits the page, or None."""
        return next((name for name in ACTIONS if self.data.get(name)), None)

    @property
    def approval(self):
        """The fields that come with the button if it approves a draft, by name."""
        return {name: self.data[name] for name in APPROVAL if name in self.data}

    @property
    def goes_to_visitors(self):
        """Whether the page is published or submitted, rather than saved as a draft or sent back."""
        if self.is_deferred_validation or not self.action:
            return False
        return self.action != "action-workflow-action" or self.approval.get(APPROVAL[0]) != "reject"

    @property
    def shows_question(self):
        """Whether there is a question, or an answer to keep while other fields are corrected."""
        return bool(self.change or self.data.get("correction_answer") or self.data.get("correction_text"))

    def save(self, commit=True):
        page = super().save(commit=commit)
        if self.change:
            self.change.settle(self.cleaned_data["correction_answer"], self.cleaned_data["correction_text"])
        return page


class CorrectionPanel(Panel):
    def get_form_options(self):
        return {"fields": ["correction_answer", "correction_text"]}

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/admin/correction_question.html"

        class Media:
            css = {"all": ["site_admin/correction_question.css"]}

        def is_shown(self):
            return self.form is not None and self.form.shows_question

        def show_panel_furniture(self):
            return False
