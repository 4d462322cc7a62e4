"""The list of events, and the menu for events."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import HeaderButton
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from concerns.models import ConcernPage
from home.admin.lists.columns import Column, In
from home.admin.lists.filters import (
    ChoicesFilter,
    Filter,
    LocaleFilter,
    SourceFilter,
    StageFilter,
    YearFilter,
)
from home.admin.lists.pages import SOURCE_COUNT, TITLE, TRACKING, PageListAdmin, titles_of
from home.dates import values
from home.models import PartnerPage
from timeline.admin.timelines import timelines_of
from timeline.models import EventCategory, EventPage


class CategoryFilter(Filter):
    title = _("category")
    parameter_name = "category"

    def lookups(self, request, model_admin):
        return EventCategory.objects.values_list("pk", "name")


class VerificationFilter(ChoicesFilter):
    parameter_name = "verification"


class ConcernFilter(Filter):
    title = _("concern")
    parameter_name = "concern"

    def lookups(self, request, model_admin):
        return ConcernPage.objects.in_order().values_list("pk", "title")

    def narrow(self, events, value):
        return events.about([value])


class PartnerFilter(Filter):
    title = _("took part")
    parameter_name = "partner"

    def lookups(self, request, model_admin):
        return PartnerPage.objects.in_order().values_list("pk", "title")

    def narrow(self, events, value):
        return events.taken_part_in_by([value])


class SpanFilter(YearFilter):
    """A filter that finds an event in every year it lasted."""

    def narrow(self, events, value):
        return events.overlapping([(int(value), int(value))])


def category_of(event):
    # A draft may lack one.
    return event.category.name if event.category else ""


def thumbnail_of(event):
    return event.lead_image and event.lead_image.get_rendition("max-400x300").img_tag()


class EventAdmin(PageListAdmin):
    model = EventPage
    menu_label = _("All events")
    menu_icon = "calendar-alt"
    columns = [
        Column(_("Date"), lambda event: event.when, In.EVERYWHERE, sort="dated"),
        Column(_("Date to sort by"), lambda event: event.when_for_machines, In.EXPORT),
        Column(
            _("End to sort by"),
            lambda event: event.end_date and values.for_machines(event.end_date),
            In.EXPORT,
        ),
        TITLE,
        Column(_("Title"), lambda event: event.title, In.EXPORT),
        Column(_("Category"), category_of, In.EVERYWHERE, sort="category__name"),
        Column(
            _("How sure we are"),
            lambda event: event.get_verification_display(),
            In.EVERYWHERE,
            sort="verification",
        ),
        Column(_("Place"), lambda event: event.place, In.EXPORT | In.DETAILS),
        Column(_("Summary"), lambda event: event.summary, In.EXPORT | In.DETAILS),
        SOURCE_COUNT,
        Column(_("Sources"), lambda event: "\n".join(map(str, event.sources.all())), In.EXPORT),
        Column(_("Concerns"), lambda event: titles_of(event.concerns.all()), In.EVERYWHERE),
        Column(_("Took part"), lambda event: titles_of(event.partners.all()), In.EXPORT | In.DETAILS),
        Column(_("Image"), thumbnail_of, In.DETAILS),
        *TRACKING,
        # Imports match events by it. As in the other tables of events, the heading is not translated.
        Column("Unique ID", lambda event: event.unique_id, In.EXPORT),
    ]
    list_filter = [
        StageFilter,
        CategoryFilter,
        VerificationFilter,
        ConcernFilter,
        PartnerFilter,
        SpanFilter,
        SourceFilter,
        LocaleFilter,
    ]
    search_fields = ["title", "draft_title", "summary", "place"]

    def get_queryset(self, request):
        events = super().get_queryset(request)
        return events.select_related("category").prefetch_related("sources", "concerns", "partners")

    def buttons(self, user):
        yield from self.add_button(user, _("Add an event"))
        if timelines_of(user):
            yield HeaderButton(_("Import and export"), reverse("event_exchange"), icon_name="download")


class ExchangeMenuItem(MenuItem):
    def is_shown(self, request):
        return bool(timelines_of(request.user))


@modeladmin_register
class EventGroup(ModelAdminGroup):
    items = [EventAdmin]
    menu_label = _("Events")
    menu_icon = "calendar-alt"
    menu_order = 150

    def get_submenu_items(self):
        return [
            *super().get_submenu_items(),
            ExchangeMenuItem(
                _("Import and export"), reverse("event_exchange"), icon_name="download", order=20
            ),
            EventCategory.snippet_viewset.get_menu_item(order=30),
        ]
