import re
from hashlib import md5
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import DraftStateMixin, Page, PageManager, RevisionMixin, TranslatableMixin
from wagtail.search import index

from concerns.models import ConcernPage
from home import dates
from home.fields import PreciseDateField, precise_date_order
from home.models import BodyPage, PartnerPage, Source, SourcesRequired
from home.querysets import BasePageQuerySet
from timeline.embed import EmbedOptions
from timeline.filters import EventFilters

__all__ = ["EmbedSettings", "EventCategory", "EventPage", "EventSource", "TimelinePage"]


# The origin of a site as a content security policy takes it; a star may stand for the first names of a host.
ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")


def validate_origins(text):
    """Raise ValidationError unless each line is the origin of a site: https://partner.example."""
    for origin in text.split():
        if not ORIGIN.fullmatch(origin):
            raise ValidationError(
                _("“%(origin)s” is not the beginning of an address, such as https://partner.example."),
                params={"origin": origin},
            )


@register_setting(icon="code")
class EmbedSettings(BaseGenericSetting):
    """Which other sites may show a timeline in a frame on their own pages."""

    class Framing(models.TextChoices):
        ALL = "all", _("Any site")
        LISTED = "listed", _("Only the sites listed below")

    framing = models.CharField(
        _("who may show a timeline"),
        max_length=10,
        choices=Framing.choices,
        default=Framing.ALL,
        help_text=_("What is shown is public, and a visitor can send nothing from there."),
    )
    origins = models.TextField(
        _("sites"),
        blank=True,
        validators=[validate_origins],
        help_text=_(
            "One to a line, as its address begins: https://partner.example. A star stands for any name: https://*.partner.example."
        ),
    )

    panels = [FieldPanel("framing"), FieldPanel("origins")]

    class Meta:
        verbose_name = _("embedding")

    @property
    def frame_ancestors(self):
        """The sources of the policy's directive; our own site is always one, for its own preview."""
        return ["'self'", *(["*"] if self.framing == self.Framing.ALL else self.origins.split())]


class EventCategory(TranslatableMixin, DraftStateMixin, RevisionMixin, index.Indexed, models.Model):
    """A kind of event, such as policy, policing or funding."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name in the address"), max_length=100)
    description = models.CharField(
        _("what belongs here"),
        max_length=255,
        blank=True,
        help_text=_("A sentence for those who write events."),
    )

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]
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


class EventQuerySet(BasePageQuerySet):
    """The questions that are asked about many events."""

    def for_serving(self):
        return super().for_serving().select_related("category")

    def in_time_order(self, newest_first=False):
        """
        By date, "2016" before "January 2016" before "January 1, 2016"; equal dates in the order of writing.
        """
        key = precise_date_order("date")
        return self.order_by(*([key.desc(), "-pk"] if newest_first else [key, "pk"]))

    def overlapping(self, spans):
        """
        Events of which some day may lie in one of these spans.

        :param spans: pairs of a first and a last year, both included.
        """
        some = Q(pk__in=[])
        for first, last in spans:
            some |= Q(begins__lte=f"{last:04}", ends__gte=f"{first:04}")
        end = Coalesce(NullIf("end_date", Value("")), "date")
        return self.annotate(begins=Left("date", 4), ends=Left(end, 4)).filter(some)

    def about(self, concerns):
        """Events that are evidence for any of these concerns."""
        return self.filter(
            pk__in=EventPage.concerns.through.objects.filter(concernpage__in=concerns).values("eventpage")
        )

    def taken_part_in_by(self, partners):
        """Events in which any of these partners took part."""
        return self.filter(
            pk__in=EventPage.partners.through.objects.filter(partnerpage__in=partners).values("eventpage")
        )

    def matching(self, text):
        """Events in which the text is found."""
        return self.filter(pk__in=[event.pk for event in EventPage.objects.only("pk").search(text)])

    def with_details(self):
        """With all that a list of events shows, in as many queries for ten events as for ten thousand."""
        public_partners = PartnerPage.objects.live().public().in_order()
        public_concerns = ConcernPage.objects.live().public().in_order()
        return self.select_related("category").prefetch_related(
            "sources__document",
            Prefetch("concerns", queryset=public_concerns, to_attr="public_concerns"),
            Prefetch("partners", queryset=public_partners, to_attr="public_partners"),
        )

    def years(self):
        """The years in which events begin, in order."""
        return sorted({date.year for date in self.values_list("date", flat=True) if date})

    def before(self, event):
        """Events that come before this one in time, the nearest first."""
        key = dates.sort_key(event.date)
        # One that is not saved yet will be the last of its date.
        same_date = Q(key=key, pk__lt=event.pk) if event.pk else Q(key=key)
        return (
            self.annotate(key=precise_date_order("date"))
            .filter(Q(key__lt=key) | same_date)
            .order_by("-key", "-pk")
        )

    def after(self, event):
        """Events that come after this one in time, the nearest first."""
        key = dates.sort_key(event.date)
        same_date = Q(key=key, pk__gt=event.pk) if event.pk else Q(pk__in=[])
        return (
            self.annotate(key=precise_date_order("date"))
            .filter(Q(key__gt=key) | same_date)
            .order_by("key", "pk")
        )


class TimelinePage(RoutablePageMixin, BodyPage):
    """All events in the order of time, to be narrowed by the query string."""

    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["timeline.EventPage"]

    class Meta:
        verbose_name = _("timeline")
        verbose_name_plural = _("timelines")

    @property
    def events(self):
        """The events that anybody may see."""
        return EventPage.objects.child_of(self).live().public()

    @property
    def choices(self):
        """What its events may be narrowed to, by the name of the parameter, in the timeline's language."""
        here = {"locale_id": self.locale_id}
        return {
            "category": list(EventCategory.objects.filter(live=True, **here)),
            "concern": list(ConcernPage.objects.live().public().in_order().filter(**here)),
            "partner": list(PartnerPage.objects.live().public().in_order().filter(**here)),
        }

    def serve(self, request, *args, **kwargs):
        return self.answer(super().serve, request, *args, **kwargs)

    @path("embed/", name="embed")
    def embed_route(self, request):
        """The page for a frame on a partner's page."""
        options = EmbedOptions(request.GET, self)
        events = options.apply(self.events.with_details())
        shown = options.shown(events)
        if address := options.address_of_event(request.path, shown):
            return HttpResponseRedirect(address)
        context = {"page": self, "options": options, "events": shown, "total": len(events)}
        with override(options.language):
            response = TemplateResponse(request, "timeline/embed.html", context).render()
        response.policy = "embed"
        response.frame_ancestors = EmbedSettings.load(request_or_site=request).frame_ancestors
        # Browsers keep the policy of what they have when they are told that it has not changed.
        mark = md5(response.content + " ".join(response.frame_ancestors).encode(), usedforsecurity=False)
        response["ETag"] = f'"{mark.hexdigest()}"'
        return response

    def get_context(self, request, *args, **kwargs):
        filters = EventFilters(request.GET, self)
        return super().get_context(request, *args, **kwargs) | {
            "filters": filters,
            "events": filters.apply(self.events.with_details()),
        }


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
    parent_page_types = ["timeline.TimelinePage"]
    subpage_types = []
    exclude_fields_in_copy = ["unique_id"]

    unique_id = models.CharField(max_length=255, default=new_unique_id, editable=False, db_index=True)
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
        on_delete=models.PROTECT,
        related_name="events",
        help_text=_("Visitors can show one category only."),
    )
    place = models.CharField(
        _("place"),
        max_length=255,
        blank=True,
        help_text=_("A building or neighborhood: City Hall, Hill North."),
    )
    lead_image = models.ForeignKey(
        "home.SiteImage",
        verbose_name=_("picture"),
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
        *Page.content_panels,
        FieldRowPanel([FieldPanel("date"), FieldPanel("end_date")], heading=_("When")),
        FieldRowPanel([FieldPanel("category", widget=forms.Select), FieldPanel("place")]),
        FieldPanel("summary"),
        FieldPanel("verification"),
        InlinePanel("sources", heading=_("Sources"), label=_("source")),
        FieldPanel("lead_image"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                FieldPanel("concerns", widget=forms.CheckboxSelectMultiple),
                FieldPanel("partners", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("Belongs to"),
        ),
    ]
    search_fields = BodyPage.search_fields + [
        index.SearchField("place"),
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
        return dates.for_people(self.date, self.end_date) if self.date else ""

    @property
    def when_for_machines(self):
        """The date as the value of an HTML `datetime` attribute."""
        return dates.for_machines(self.date) if self.date else ""

    @property
    def sharing_image(self):
        return super().sharing_image or self.lead_image

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
        return EventPage.objects.sibling_of(self, inclusive=False).live().public()

    @cached_property
    def public_concerns(self):
        """The concerns that anybody may see, also of an event that is not saved yet."""
        return [page for page in self.concerns.all() if page.live]

    @cached_property
    def public_partners(self):
        """The partners that anybody may see, also of an event that is not saved yet."""
        return [page for page in self.partners.all() if page.live]

    def structured_data(self, request=None):
        event = {"@type": "Event", "name": self.title, "startDate": self.when_for_machines}
        if self.end_date:
            event["endDate"] = dates.for_machines(self.end_date)
        if self.place:
            event["location"] = {"@type": "Place", "name": self.place, "address": "New Haven, Connecticut"}
        return super().structured_data(request) | {
            "headline": self.title,
            "about": event,
            "citation": [source.as_structured_data() for source in self.cited_sources],
        }


class EventSource(Source):
    owner = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="sources")
