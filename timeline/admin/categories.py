"""The list of event categories."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import LiveStatusTagColumn, LocaleColumn, NumberColumn
from wagtail.snippets.models import register_snippet

from home.admin.guards.own_drafts import OwnDraftsViewSet
from timeline.models import EventCategory


@register_snippet
class EventCategoryViewSet(OwnDraftsViewSet):
    model = EventCategory
    icon = "tag"
    menu_label = _("Event categories")
    # In the menu of events.
    menu_item_is_registered = True
    search_fields = ["name"]
    list_display = [
        "name",
        LocaleColumn(label=_("Language")),
        "description",
        NumberColumn("event_count", label=_("Events"), sort_key="event_count"),
        LiveStatusTagColumn(label=_("Status")),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(event_count=Count("events")).order_by("name")
