from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.admin.widgets import SlugInput
from wagtail.models import DraftStateMixin, RevisionMixin, TranslatableMixin
from wagtail.search import index

__all__ = ["EventCategory"]


class EventCategory(TranslatableMixin, DraftStateMixin, RevisionMixin, index.Indexed, models.Model):
    """A kind of event, such as policy, policing or funding."""

    name = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("Visitors see it on each event, and narrow the timeline by it."),
    )
    slug = models.SlugField(
        _("short name in the address"), max_length=100, help_text=_("For example: policy.")
    )
    description = models.CharField(
        _("what belongs here"),
        max_length=255,
        blank=True,
        help_text=_("A sentence for those who write events."),
    )

    panels = [
        TitleFieldPanel("name", classname="", placeholder=False),
        FieldPanel("slug", widget=SlugInput),
        FieldPanel("description"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]

    class Meta:
        ordering = ["name"]
        unique_together = [("translation_key", "locale"), ("slug", "locale")]
        verbose_name = _("event category")
        verbose_name_plural = _("event categories")

    def __str__(self):
        return self.name
