from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.widgets import SlugInput
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, TranslatableMixin, WorkflowMixin
from wagtail.search import index

from home.content_checks.obstacles import Checked
from home.forms.snippets import SnippetForm
from home.translating.following import FollowsOriginal
from home.translating.form import TranslationPanel
from home.translating.machine import unread


class Snippet(
    FollowsOriginal,
    Checked,
    TranslatableMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    index.Indexed,
):
    """A translatable snippet with drafts and reviews, whose `slug` is unique in its language."""

    # Names of fields that don't say anything, and of those that are the same in each language.
    not_claims = ("slug", "translation_answer", "machine_read")
    shared_fields = ()
    # Wagtail's field has no default in the database.
    locked = models.BooleanField(_("locked"), default=False, db_default=False, editable=False)

    base_form_class = SnippetForm
    translation_panel = TranslationPanel()
    slug_panel = FieldPanel("slug", widget=SlugInput)

    class Meta(TranslatableMixin.Meta):
        abstract = True
        unique_together = [("translation_key", "locale"), ("slug", "locale")]

    def obstacles(self):
        yield from super().obstacles()
        yield from unread(self)

    def clean(self):
        super().clean()
        # Forms have no field for the language, so Django doesn't validate the constraint.
        others = type(self)._base_manager.filter(slug=self.slug, locale_id=self.locale_id).exclude(pk=self.pk)
        if other := self.slug and others.first():
            words = _("“%(other)s” has this short name already. Please choose another one.")
            raise ValidationError({"slug": words % {"other": other}})
