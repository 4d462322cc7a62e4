from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from home.dates import values
from home.dates.fields import PreciseDateField


class Era(Orderable):
    """A period that many events belong to, such as the term of a mayor or of a grant."""

    timeline = ParentalKey("timeline.TimelinePage", on_delete=models.CASCADE, related_name="eras")
    headline = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("Visitors see it on the axis, and in a list below."),
    )
    start = PreciseDateField(
        _("begins"), help_text=_("As exactly as known: October 25, 2016, or December 2017, or 2016.")
    )
    end = PreciseDateField(_("ends"), help_text=_("Written like the beginning."))
    # The original from TimelineJS, for exports: it may contain more than the fields of this model.
    imported = models.JSONField(default=dict, blank=True, editable=False)

    panels = [FieldPanel("headline"), FieldRowPanel([FieldPanel("start"), FieldPanel("end")])]

    class Meta(Orderable.Meta):
        verbose_name = _("era")
        verbose_name_plural = _("eras")

    def __str__(self):
        return self.headline

    def clean(self):
        super().clean()
        if self.start and self.end and self.end.last_day < self.start.first_day:
            raise ValidationError({"end": _("The era ends before it begins.")})

    @property
    def when(self):
        """The span in words."""
        return values.for_people(self.start, self.end) if self.start and self.end else ""
