"""The events at a glance."""

from django.contrib.admin import display
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import HeaderButton
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from concerns.models import ConcernPage
from home.admin.lists.base import ChoicesFilter, Filter
from home.admin.lists.pages import (
    LocaleFilter,
    PageListAdmin,
    SourceFilter,
    StageFilter,
    YearFilter,
    names_of,
    thumbnail,
)
from home.dates import values
from home.models import PartnerPage
from timeline.admin.timelines import timelines_of
from timeline.models import EventCategory, EventPage


class CategoryFilter(Filter):
    title = gettext_lazy("category")
    parameter_name = "category"

    def lookups(self, request, model_admin):
        return EventCategory.objects.values_list("pk", "name")


class VerificationFilter(ChoicesFilter):
    parameter_name = "verification"


class ConcernFilter(Filter):
    title = gettext_lazy("concern")
    parameter_name = "concern"

    def lookups(self, request, model_admin):
        return ConcernPage.objects.in_order().values_list("pk", "title")

    def narrow(self, events, value):
        return events.about([value])


class PartnerFilter(Filter):
    title = gettext_lazy("partner")
    parameter_name = "partner"

    def lookups(self, request, model_admin):
        return PartnerPage.objects.in_order().values_list("pk", "title")

    def narrow(self, events, value):
        return events.taken_part_in_by([value])


class SpanFilter(YearFilter):
    """An event is of each year in which it went on."""

    def narrow(self, events, value):
        return events.overlapping([(int(value), int(value))])


class EventAdmin(PageListAdmin):
    model = EventPage
    menu_label = gettext_lazy("All events")
    menu_icon = "calendar-alt"
    list_display = [
        "shown_date",
        "shown_title",
        "category_name",
        "how_sure",
        "sources_in_all",
        "concern_names",
        "stage",
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
    list_export = {
        gettext_lazy("Date"): lambda event: event.when,
        gettext_lazy("Date to sort by"): lambda event: event.when_for_machines,
        gettext_lazy("End to sort by"): lambda event: event.end_date and values.for_machines(event.end_date),
        gettext_lazy("Title"): lambda event: event.title,
        gettext_lazy("Category"): lambda event: event.category and event.category.name,
        gettext_lazy("Verification"): lambda event: event.get_verification_display(),
        gettext_lazy("Place"): lambda event: event.place,
        gettext_lazy("Summary"): lambda event: event.summary,
        gettext_lazy("Number of sources"): lambda event: event.source_count,
        gettext_lazy("Sources"): lambda event: "\n".join(map(str, event.sources.all())),
        gettext_lazy("Concerns"): lambda event: names_of(event.concerns.all()),
        gettext_lazy("Partners"): lambda event: names_of(event.partners.all()),
        **PageListAdmin.export_of_every_page,
        # By which an import knows the event; called as in the other tables of events, in every language.
        "Unique ID": lambda event: event.unique_id,
    }
    details = {
        gettext_lazy("Date"): lambda event: event.when,
        gettext_lazy("Category"): lambda event: event.category and event.category.name,
        gettext_lazy("Verification"): lambda event: event.get_verification_display(),
        gettext_lazy("Place"): lambda event: event.place,
        gettext_lazy("Summary"): lambda event: event.summary,
        gettext_lazy("Concerns"): lambda event: names_of(event.concerns.all()),
        gettext_lazy("Partners"): lambda event: names_of(event.partners.all()),
        gettext_lazy("Picture"): lambda event: event.lead_image and thumbnail(event.lead_image),
    }

    def get_queryset(self, request):
        events = super().get_queryset(request)
        return events.select_related("category").prefetch_related("sources", "concerns", "partners")

    def buttons(self, user):
        yield from self.add_button(user, _("Add an event"))
        if timelines_of(user):
            yield HeaderButton(_("Import and export"), reverse("event_exchange"), icon_name="download")

    @display(description=gettext_lazy("Date"), ordering="dated")
    def shown_date(self, event):
        return event.when

    @display(description=gettext_lazy("Category"), ordering="category__name")
    def category_name(self, event):
        # A draft may lack one.
        return event.category.name if event.category else ""

    @display(description=gettext_lazy("Verification"), ordering="verification")
    def how_sure(self, event):
        return event.get_verification_display()

    @display(description=gettext_lazy("Concerns"))
    def concern_names(self, event):
        return names_of(event.concerns.all())


class ExchangeMenuItem(MenuItem):
    def is_shown(self, request):
        return bool(timelines_of(request.user))


@modeladmin_register
class EventGroup(ModelAdminGroup):
    """All that is about events, in one place of the menu."""

    items = [EventAdmin]
    menu_label = gettext_lazy("Events")
    menu_icon = "calendar-alt"
    menu_order = 150

    def get_submenu_items(self):
        return [
            *super().get_submenu_items(),
            ExchangeMenuItem(
                gettext_lazy("Import and export"), reverse("event_exchange"), icon_name="download", order=20
            ),
            EventCategory.snippet_viewset.get_menu_item(order=30),
        ]
