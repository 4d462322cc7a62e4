"""The categories of events."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from timeline.models import EventCategory


class EventCategoryViewSet(SnippetViewSet):
    model = EventCategory
    icon = "tag"
    menu_label = _("Event categories")
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["name", "slug", "live"]


register_snippet(EventCategoryViewSet)
