from functools import lru_cache
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Subquery
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.search import index

from concerns.models import ConcernPage
from home.conditions import any_of
from home.consent.models import shown
from home.dates import values
from home.dates.fields import PreciseDateField, precise_date_order
from home.kept import recall
from home.kept.prepared import Parameter, Prepared, is_stored
from home.models import (
    SOURCE_SEARCH_FIELDS,
    SOURCES_PANEL,
    BodyPage,
    PartnerPage,
    Source,
    SourcesRequired,
    image_field,
)
from home.privacy import hidden_paths
from timeline.forms import EventPageForm
from timeline.models.category import EventCategory
from timeline.models.choices import all_choices, choices_of
from timeline.querysets import EventQuerySet, has_aliases

# A primary key above all others, for an event that is not saved.
LAST_KEY = 2**62


def new_unique_id():
    """Return an id that doesn't depend on anything that editors may change."""
    return str(uuid4())


class EventPage(SourcesRequired, BodyPage):
    """An event with its sources, dated as exactly as is known."""

    class Verification(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        REPORTED = "reported", _("Reported")
        DISPUTED = "disputed", _("Disputed")

    schema_type = "Article"
    open_graph_type = "article"
    parent_page_types = ["timeline.TimelinePage"]
    subpage_types = []
    shared_fields = (
        *BodyPage.shared_fields,
        *("date", "end_date", "category", "verification", "sources", "lead_image", "concerns", "partners"),
    )
    # Past events don't need to be reviewed.
    ages = False
    exclude_fields_in_copy = ["unique_id", "imported"]
    fields_with_former_words = ("imported",)

    unique_id = models.CharField(max_length=255, default=new_unique_id, editable=False, db_index=True)
    # The original slide from TimelineJS, for exports: it may contain more than the fields of this model.
    imported = models.JSONField(default=dict, blank=True, editable=False)
    date = PreciseDateField(
        _("date"),
        db_index=True,
        help_text=_("As exactly as known: October 25, 2016, or December 2017, or 2016, or about 2016."),
    )
    end_date = PreciseDateField(
        _("end"), blank=True, help_text=_("Only if the event lasted for some time. Written like the date.")
    )
    category = models.ForeignKey(
        EventCategory,
        verbose_name=_("category"),
        null=True,  # Drafts can be saved without a category, but not be published, since `blank` is False.
        on_delete=models.PROTECT,
        related_name="events",
        # Visitors would see the name of a draft.
        limit_choices_to={"live": True},
        help_text=_("Visitors see it on the event, and can filter the timeline by it."),
    )
    place = models.CharField(
        _("place"),
        max_length=255,
        blank=True,
        help_text=_("A building or neighborhood, shown next to the date: City Hall, Hill North."),
    )
    lead_image = image_field(_("image"), _("Shown at the top of the event's page."))
    verification = models.CharField(
        _("how sure we are"),
        max_length=10,
        choices=Verification,
        default=Verification.REPORTED,
        help_text=_(
            "Confirmed: by an official document or two independent sources. Reported: by one source. "
            "Disputed: a knowledgeable source says otherwise."
        ),
    )
    concerns = ParentalManyToManyField(
        ConcernPage,
        verbose_name=_("concerns"),
        blank=True,
        related_name="events",
        help_text=_("The event appears on these pages as evidence."),
    )
    partners = ParentalManyToManyField(
        PartnerPage,
        verbose_name=_("took part"),
        blank=True,
        related_name="events",
        help_text=_("The event appears on these partners' pages."),
    )

    base_form_class = EventPageForm
    content_panels = [
        *BodyPage.first_panels,
        FieldRowPanel(
            [FieldPanel("date"), FieldPanel("end_date")],
            heading=_("When"),
            # Similar events are shown below the dates.
            attrs={
                "data-controller": "like-events",
                "data-like-events-url-value": reverse_lazy("like_events"),
            },
        ),
        FieldRowPanel([FieldPanel("category", widget=forms.Select), FieldPanel("place")]),
        FieldPanel("summary"),
        FieldPanel("verification"),
        SOURCES_PANEL,
        FieldPanel("lead_image"),
        FieldPanel("body", help_text=_("What visitors read below the summary, block by block.")),
        MultiFieldPanel(
            [
                FieldPanel("concerns", widget=forms.CheckboxSelectMultiple),
                FieldPanel("partners", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("Concerns and partners"),
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
        indexes = [
            # The events before and after one.
            models.Index(precise_date_order("date"), F("page_ptr"), name="event_in_time_order"),
            # Those that lasted until a day.
            models.Index(precise_date_order("end_date"), name="event_by_end"),
        ]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def save(self, *args, **kwargs):
        if self._state.adding:
            # Whatever makes a translation, it is the same event.
            same = EventPage.objects.filter(translation_key=self.translation_key)
            self.unique_id = same.values_list("unique_id", flat=True).first() or self.unique_id
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.date and self.end_date and self.end_date.last_day < self.date.first_day:
            raise ValidationError({"end_date": _("The event ends before it begins.")})

    @property
    def when(self):
        return values.for_people(self.date, self.end_date) if self.date else ""

    @property
    def when_for_machines(self):
        """The date as the value of an HTML `datetime` attribute."""
        return values.for_machines(self.date) if self.date else ""

    def latest(self):
        """Return the latest draft of the event, or the event itself if there is none."""
        # Aliases have no revisions.
        has_draft = self.has_unpublished_changes and self.latest_revision
        return self.latest_revision.as_object() if has_draft else self

    @property
    def sharing_image(self):
        return super().sharing_image or self.shown_image

    @property
    def shown_image(self):
        """The image at the top of the page, if visitors may see it."""
        return shown(self.lead_image)

    @cached_property
    def images(self):
        return [*filter(None, [self.shown_image]), *super().images]

    @property
    def cover(self):
        return None if self.shown_image else super().cover

    @property
    def previous_event(self):
        return next((event for event in self._neighbors if event.place_in_time < self.place_in_time), None)

    @property
    def next_event(self):
        return next((event for event in self._neighbors if event.place_in_time > self.place_in_time), None)

    @property
    def place_in_time(self):
        """The `sort_key` and the primary key, which order the events of a timeline."""
        return values.sort_key(self.date) if self.date else "", self.pk or LAST_KEY

    @cached_property
    def _neighbors(self):
        """The events before and after this one, as far as there are any."""
        timeline = self.get_parent()
        find = neighbors(timeline, timeline.path, hidden_paths(), has_aliases(EventPage))
        return find(*self.place_in_time) if self.date else []

    @property
    def public_concerns(self):
        return self._public_choices[0]

    @property
    def public_partners(self):
        return self._public_choices[1]

    @cached_property
    def _public_choices(self):
        """The concerns and the partners that are public, as Choices. It works for unsaved events, too."""
        chosen = {"concern": self.concerns.all(), "partner": self.partners.all()}
        if all(is_stored(pages) for pages in chosen.values()):
            return [choices[self.pk] for choices in choices_of(EventPage, [self.pk])]
        found = []
        for name, pages in chosen.items():
            keys = {page.pk for page in pages}
            found.append([choice for key, choice in all_choices()[name].items() if key in keys])
        return found

    def partner_names(self):
        return [name for partner in self.public_partners for name in (partner.title, partner.name)]

    def structured_data(self, request=None):
        event = {"@type": "Event", "name": self.title, "startDate": self.when_for_machines}
        if self.end_date:
            event["endDate"] = values.for_machines(self.end_date)
        if self.place:
            event["location"] = {"@type": "Place", "name": self.place, "address": "New Haven, Connecticut"}
        data = super().structured_data(request)
        return data | {"headline": self.title, "author": data["publisher"], "about": event}


@lru_cache
def neighbors(timeline, *_dependencies):
    """
    Return the query of the events before and after a `place_in_time`. Its SQL depends on the other arguments,
    too.
    """
    events = EventPage.objects.on_timeline(timeline, by_date=True).for_visitors()
    place = Parameter(0), Parameter(1)
    nearest = (Subquery(side.values("pk")[:1]) for side in (events.before(*place), events.after(*place)))
    found = events.filter(any_of(Q(pk=key) for key in nearest))
    return Prepared(found.only("title", "url_path", "date", "end_date"))


def counts_on(timeline):
    """Return the numbers of public events by year on a timeline, a page of any class."""

    def count():
        return EventPage.objects.on_timeline(timeline).for_visitors().count_by_year()

    return recall((counts_on, timeline.pk), count)


class EventSource(Source):
    owner = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="sources")
