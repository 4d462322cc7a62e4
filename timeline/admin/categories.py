"""The list of event categories."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import LiveStatusTagColumn, NumberColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from timeline.models import EventCategory


@register_snippet
class EventCategoryViewSet(SnippetViewSet):
    model = EventCategory
    icon = "tag"
    menu_label = _("Event categories")
    # In the menu of events.
    menu_item_is_registered = True
    list_display = [
        "name",
        "description",
        NumberColumn("event_count", label=_("Events"), sort_key="event_count"),
        LiveStatusTagColumn(label=_("Status")),
    ]

    def get_queryset(self, request):
        return EventCategory.objects.annotate(event_count=Count("events")).order_by("name")
