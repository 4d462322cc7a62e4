from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.contrib.routable_page.models import path
from wagtail.models import Orderable

from home.dates import values
from home.dates.fields import PreciseDateField
from home.models import BodyPage
from home.seo.sitemap import translation_of
from home.text import fingerprint
from timeline.embedding.builder import Builder
from timeline.embedding.options import EmbedOptions
from timeline.feeds import TimelineFeed
from timeline.filters import EventFilters
from timeline.models.choices import all_choices
from timeline.models.embedding import EmbedSettings
from timeline.models.event import EventPage, counts_on
from timeline.models.listing import listed
from timeline.models.renames import current_slugs, is_slug, redirects_to
from timeline.models.translations import listed_in
from timeline.versions import name_translations, set_validators
from timeline.windows import Windows


class TimelinePage(BodyPage):
    """All events in order of time, in Windows if there are many. The query string filters them."""

    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["timeline.EventPage"]

    # The rest of imported TimelineJS files, for exports: "title" is the title slide, "options" is everything
    # besides slides, and "slides" are those that can't be events, such as those of years before 1.
    imported = models.JSONField(default=dict, blank=True, editable=False)

    content_panels = [
        *BodyPage.content_panels,
        InlinePanel(
            "eras",
            heading=_("Eras"),
            label=_("era"),
            help_text=_("Periods such as a mayor's term. They are shown behind the events."),
        ),
    ]

    class Meta:
        verbose_name = _("timeline")
        verbose_name_plural = _("timelines")

    @property
    def events(self):
        """The public events."""
        return EventPage.objects.on_timeline(self).for_visitors()

    def counts_for(self, filters):
        """Return the numbers of events by year if they are known without asking for the filtered ones."""
        return None if filters.are_set else counts_on(self)

    @property
    def frame_url(self):
        """The URL of the embed, relative to the site."""
        return self.url + self.reverse_subpage("embed")

    def in_language(self, language):
        """Return the public translation of the timeline in a language, or itself without one."""
        page = translation_of(self, language)
        return self if page.pk == self.pk else page.specific

    def event_called(self, slug):
        """Return the public event that has or had this slug here, or None."""
        if not is_slug(slug):
            return None
        if event := self.events.filter(slug=slug).first():
            return event
        here = Q(redirect_page__in=self.events) | Q(old_path__startswith=self.url)
        redirects = redirects_to(EventPage.objects.for_visitors(), [slug]).filter(here)
        return redirects[0].redirect_page.specific if redirects else None

    def read_filters(self, parameters, order="oldest"):
        """Return the filters of a query string, with the choices in the timeline's language."""
        choices = {
            name: [choice for choice in found.values() if choice.locale_id == self.locale_id]
            for name, found in all_choices().items()
        }
        return EventFilters(parameters, choices, current_slugs, order)

    def serve(self, request, *args, **kwargs):
        response = super().serve(request, *args, **kwargs)
        if filters := (getattr(response, "context_data", None) or {}).get("filters"):
            response.is_kept = filters.are_known
            if filters.q:
                # What people search for is private.
                response["Cache-Control"] = "no-store"
        return response

    @path("")
    def index_route(self, request, *args, **kwargs):
        """Serve the timeline. With `event`, redirect to that event in the window that shows it."""
        if event := self.event_called(request.GET.get("event", "")):
            timeline = self if event.is_child_of(self) else event.get_parent().specific
            query = timeline.windows_for(request.GET)[1].query_at(event)
            if query is not None:
                return HttpResponseRedirect(f"{timeline.url}{query}#event-{event.slug}")
        return super().index_route(request, *args, **kwargs)

    def windows_for(self, parameters):
        """Return the EventFilters and the Windows of a query string."""
        filters = self.read_filters(parameters)
        events, counts = filters.apply(self.events), self.counts_for(filters)
        windows = Windows(events, parameters, filters.newest_first, counts=counts)
        filters.ignored += ["page"] * (not windows.is_known) + ["event"] * bool(parameters.get("event"))
        return filters, windows

    @path("embed/", name="embed")
    def embed_route(self, request):
        """Serve the page that partners show in a frame."""
        options = EmbedOptions(request.GET, self)
        if address := options.address_of_event(request.path):
            return HttpResponseRedirect(address)
        own, place = self.locale.language_code, self.in_language(options.language)
        with override(options.language):
            context = {
                "page": self,
                # The timeline itself without a translation.
                "place": place,
                "language": own if place is self and options.language != own else "",
                "options": options,
                "windows": options.windows,
                "events": listed_in(options.language, listed(options.windows.shown), own),
            }
            response = TemplateResponse(request, "timeline/embed.html", context).render()
        response.policy = "embed"
        response.is_kept = not options.comment
        response.frame_ancestors = EmbedSettings.load(request_or_site=request).frame_ancestors
        # After a 304 response, browsers keep the old policy, so the ETag depends on it.
        digest = fingerprint(response.content + " ".join(response.frame_ancestors).encode())
        response["ETag"] = f'"{digest}"'
        return response

    @path("share/", name="share")
    def share_route(self, request):
        """Serve the page where partners build the code for their own sites."""
        settings = EmbedSettings.load(request_or_site=request)
        builder = Builder(request.GET, self)
        context = {"page": self, "builder": builder, "origins": settings.listed_origins}
        response = TemplateResponse(request, "timeline/share.html", context)
        response.is_kept = builder.are_known
        response.policy = "share"
        return response

    @path("feed/", name="feed")
    def feed_route(self, request):
        filters = self.read_filters(request.GET, order="newest")
        events = filters.apply(self.events)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        address = self.full_url + self.reverse_subpage("feed")
        response = TimelineFeed(self, events, address + query)(request)
        response.policy = "data"
        response.is_kept = filters.are_known
        name_translations(response, self, "feed/", request)
        set_validators(response, self, events, address + query)
        return response

    def get_route_paths(self):
        """Return the routes that get redirects when the page moves, since partners link to them."""
        return ["/", *(f"/{name}/" for name in ("embed", "share", "feed"))]

    def get_context(self, request, *args, **kwargs):
        filters, windows = self.windows_for(request.GET)
        return super().get_context(request, *args, **kwargs) | {
            "filters": filters,
            "windows": windows,
            "events": listed(windows.shown),
        }


class Era(Orderable):
    """A period that many events belong to, such as the term of a mayor or of a grant."""

    timeline = ParentalKey(TimelinePage, on_delete=models.CASCADE, related_name="eras")
    headline = models.CharField(
        _("name"), max_length=100, help_text=_("Visitors see it on the axis, and in a list below.")
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
        return values.for_people(self.start, self.end) if self.start and self.end else ""
