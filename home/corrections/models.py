from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from home.dates.fields import DayField


class Correction(Orderable):
    """A change to a page, shown to readers with its date."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction: something was wrong")
        UPDATE = "update", _("Update: something is new")

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.CORRECTION,
        help_text=_("Visitors see it before the sentence."),
    )
    date = DayField(_("date"), help_text=_("The day on which the page changed. Visitors see it."))
    text = models.TextField(_("what changed"), help_text=_("A visitor reads this sentence on the page."))

    panels = [FieldPanel("kind"), FieldPanel("date"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("correction or update")
        verbose_name_plural = _("corrections and updates")

    def __str__(self):
        return self.text

    @property
    def label(self):
        return _("Correction") if self.kind == self.Kind.CORRECTION else _("Update")

    def as_structured_data(self):
        """Return the correction as a schema.org CorrectionComment."""
        # The preview of a draft may lack a date.
        published = {"datePublished": self.date.isoformat()} if self.date else {}
        return {"@type": "CorrectionComment", "text": self.text} | published


class WordingChange(models.Model):
    """The latest change of a page that an editor called mere wording, so that nobody is asked again."""

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    # The digest of the claims before and after the change.
    digest = models.CharField(max_length=64)
