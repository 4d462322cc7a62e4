from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.search import index

from concerns.models import ConcernPage
from home.dates import values
from home.dates.fields import PreciseDateField
from home.models import (
    SOURCE_SEARCH_FIELDS,
    BodyPage,
    PartnerPage,
    Source,
    SourcesRequired,
)
from home.querysets import visible
from timeline.models.category import EventCategory
from timeline.querysets import EventQuerySet

__all__ = ["EventPage", "EventSource"]


def new_unique_id():
    """An identity for an event that is not made of anything that an editor may change."""
    return str(uuid4())


class EventPage(SourcesRequired, BodyPage):
    """Something that happened, dated as exactly as it is known, with the sources that say so."""

    class Verification(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        REPORTED = "reported", _("Reported")
        DISPUTED = "disputed", _("Disputed")

    schema_type = "Article"
    open_graph_type = "article"
    parent_page_types = ["timeline.TimelinePage"]
    subpage_types = []
    # What happened then stays so.
    ages = False
    exclude_fields_in_copy = ["unique_id", "imported"]

    unique_id = models.CharField(max_length=255, default=new_unique_id, editable=False, db_index=True)
    # The slide of TimelineJS that it came as, for the way out: what this model cannot hold is there.
    imported = models.JSONField(default=dict, blank=True, editable=False)
    date = PreciseDateField(
        _("date"),
        db_index=True,
        help_text=_("As exactly as known: October 25, 2016, or December 2017, or 2016, or about 2016."),
    )
    end_date = PreciseDateField(
        _("end"), blank=True, help_text=_("Only if it went on for some time; written like the date.")
    )
    category = models.ForeignKey(
        EventCategory,
        verbose_name=_("category"),
        null=True,  # So that a draft is saved before one is chosen; `blank` asks for it when it is published.
        on_delete=models.PROTECT,
        related_name="events",
        help_text=_("Visitors see it on the event, and can narrow the timeline by it."),
    )
    place = models.CharField(
        _("place"),
        max_length=255,
        blank=True,
        help_text=_("A building or neighborhood, shown beside the date: City Hall, Hill North."),
    )
    lead_image = models.ForeignKey(
        "home.SiteImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown at the top of the event's page."),
    )
    verification = models.CharField(
        _("verification"),
        max_length=10,
        choices=Verification.choices,
        default=Verification.REPORTED,
        help_text=_(
            "Confirmed: by a record or by two independent sources. Reported: by one source. "
            "Disputed: somebody with knowledge says otherwise."
        ),
    )
    concerns = ParentalManyToManyField(
        ConcernPage,
        verbose_name=_("concerns"),
        blank=True,
        related_name="events",
        help_text=_("The event appears on these pages as evidence in time."),
    )
    partners = ParentalManyToManyField(
        PartnerPage,
        verbose_name=_("partners taking part"),
        blank=True,
        related_name="events",
        help_text=_("The event appears on these organizations' pages."),
    )

    content_panels = [
        BodyPage.title_panel,
        FieldRowPanel(
            [FieldPanel("date"), FieldPanel("end_date")],
            heading=_("When"),
            # Below the dates stands whether the event may be there already.
            attrs={
                "data-controller": "like-events",
                "data-like-events-url-value": reverse_lazy("like_events"),
            },
        ),
        FieldRowPanel([FieldPanel("category", widget=forms.Select), FieldPanel("place")]),
        FieldPanel("summary"),
        FieldPanel("verification"),
        InlinePanel(
            "sources",
            heading=_("Sources"),
            label=_("source"),
            help_text=_("Where visitors can check it. The page numbers them in this order."),
        ),
        FieldPanel("lead_image"),
        FieldPanel("body", help_text=_("What visitors read below the summary, block by block.")),
        MultiFieldPanel(
            [
                FieldPanel("concerns", widget=forms.CheckboxSelectMultiple),
                FieldPanel("partners", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("Belongs to"),
        ),
    ]
    search_fields = BodyPage.search_fields + [
        index.SearchField("place", boost=2),
        index.RelatedFields("category", [index.SearchField("name", boost=2)]),
        index.SearchField("partner_names"),
        index.RelatedFields("sources", SOURCE_SEARCH_FIELDS),
        index.FilterField("date"),
        index.FilterField("category"),
        index.FilterField("verification"),
    ]

    objects = PageManager.from_queryset(EventQuerySet)()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def clean(self):
        super().clean()
        if self.date and self.end_date and self.end_date.last_day < self.date.first_day:
            raise ValidationError({"end_date": _("The event ends before it begins.")})

    @property
    def when(self):
        """The date, or the span, as people read it."""
        return values.for_people(self.date, self.end_date) if self.date else ""

    @property
    def when_for_machines(self):
        """The date as the value of an HTML `datetime` attribute."""
        return values.for_machines(self.date) if self.date else ""

    def latest(self):
        """The event as its latest draft has it."""
        # A copy that is shown elsewhere (an alias) has no revisions of its own.
        has_draft = self.has_unpublished_changes and self.latest_revision
        return self.latest_revision.as_object() if has_draft else self

    @property
    def sharing_image(self):
        return super().sharing_image or self.lead_image

    @property
    def cover(self):
        return None if self.lead_image else super().cover

    @cached_property
    def previous_event(self):
        """The event before this one on its timeline, or None."""
        return self._siblings.before(self).first() if self.date else None

    @cached_property
    def next_event(self):
        """The event after this one on its timeline, or None."""
        return self._siblings.after(self).first() if self.date else None

    @property
    def _siblings(self):
        return EventPage.objects.on_timeline(self.get_parent()).exclude(pk=self.pk).for_visitors()

    @cached_property
    def public_concerns(self):
        """The concerns that anybody may see, also of an event that is not saved yet."""
        return visible(self.concerns.all())

    @cached_property
    def public_partners(self):
        """The partners that anybody may see, also of an event that is not saved yet."""
        return visible(self.partners.all())

    def partner_names(self):
        """What the partners are called that anybody may see, for the search."""
        return [name for page in self.public_partners for name in (page.title, page.short_name)]

    def structured_data(self, request=None):
        event = {"@type": "Event", "name": self.title, "startDate": self.when_for_machines}
        if self.end_date:
            event["endDate"] = values.for_machines(self.end_date)
        if self.place:
            event["location"] = {"@type": "Place", "name": self.place, "address": "New Haven, Connecticut"}
        data = super().structured_data(request)
        return data | {
            "headline": self.title,
            "author": data["publisher"],
            "about": event,
            "citation": [source.as_structured_data() for source in self.cited_sources],
        }


class EventSource(Source):
    owner = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="sources")
