from django.db import models
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import InlinePanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from concerns.models import ConcernPage
from home.models import BodyPage, PartnerPage
from home.text import fingerprint
from timeline.embedding.builder import Builder
from timeline.embedding.options import EmbedOptions
from timeline.feeds import TimelineFeed
from timeline.filters import EventFilters
from timeline.models.category import EventCategory
from timeline.models.embedding import EmbedSettings
from timeline.models.event import EventPage
from timeline.models.renames import is_slug, redirects_to
from timeline.versions import mark

__all__ = ["TimelinePage"]


class TimelinePage(RoutablePageMixin, BodyPage):
    """All events in the order of time, to be narrowed by the query string."""

    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["timeline.EventPage"]

    # Of imported files of TimelineJS, for the way out: "title" is the title slide, "options" all that stands
    # beside the slides, and "slides" those that no event can hold, such as those of years before 1.
    imported = models.JSONField(default=dict, blank=True, editable=False)

    content_panels = [
        *BodyPage.content_panels,
        InlinePanel(
            "eras",
            heading=_("Eras"),
            label=_("era"),
            help_text=_("Stretches of time, such as a mayor's term. Shown behind the events."),
        ),
    ]

    class Meta:
        verbose_name = _("timeline")
        verbose_name_plural = _("timelines")

    @property
    def events(self):
        """The events that anybody may see."""
        return EventPage.objects.on_timeline(self).for_visitors()

    @property
    def frame_url(self):
        """The address of the page for frames, relative to the site."""
        return self.url + self.reverse_subpage("embed")

    def event_called(self, slug):
        """Return the public event that has this slug here, or had it before; None if there is none."""
        if not is_slug(slug):
            return None
        if event := self.events.filter(slug=slug).first():
            return event
        here = Q(redirect_page__in=self.events) | Q(old_path__startswith=self.url)
        redirects = redirects_to(EventPage.objects.for_visitors(), [slug]).filter(here)
        return redirects[0].redirect_page.specific if redirects else None

    @property
    def choices(self):
        """The choices of its filters in its own language, by the name of the parameter."""
        here = {"locale_id": self.locale_id}
        return {
            "category": list(EventCategory.objects.filter(live=True, **here)),
            "concern": list(ConcernPage.objects.for_visitors().in_order().filter(**here)),
            "partner": list(PartnerPage.objects.for_visitors().in_order().filter(**here)),
        }

    def serve(self, request, *args, **kwargs):
        response = super().serve(request, *args, **kwargs)
        if filters := (getattr(response, "context_data", None) or {}).get("filters"):
            response.is_kept = filters.are_known
            if filters.q:
                # As of the search: what people look for is theirs.
                response["Cache-Control"] = "no-store"
        return response

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
        response.is_kept = not options.comment
        response.frame_ancestors = EmbedSettings.load(request_or_site=request).frame_ancestors
        # Browsers keep the policy of what they have when they are told that it has not changed.
        mark = fingerprint(response.content + " ".join(response.frame_ancestors).encode())
        response["ETag"] = f'"{mark}"'
        return response

    @path("share/", name="share")
    def share_route(self, request):
        """Where partners choose what to show on their own pages."""
        settings = EmbedSettings.load(request_or_site=request)
        builder = Builder(request.GET, self)
        context = {"page": self, "builder": builder, "origins": settings.listed_origins}
        response = TemplateResponse(request, "timeline/share.html", context)
        response.is_kept = builder.are_known
        response.policy = "share"
        return response

    @path("feed/", name="feed")
    def feed_route(self, request):
        """The events as an Atom feed."""
        filters = EventFilters(request.GET, self, order="newest")
        events = filters.apply(self.events)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        address = self.full_url + self.reverse_subpage("feed")
        response = TimelineFeed(self, events, address + query)(request)
        response.policy = "data"
        response.is_kept = filters.are_known
        mark(response, self, events, address + query)
        return response

    def get_route_paths(self):
        """Return the routes that outlive a move: partners may have linked to them or framed them."""
        return ["/", *(f"/{name}/" for name in ("embed", "share", "feed"))]

    def get_context(self, request, *args, **kwargs):
        filters = EventFilters(request.GET, self)
        return super().get_context(request, *args, **kwargs) | {
            "filters": filters,
            "events": filters.apply(self.events.with_details()),
        }
