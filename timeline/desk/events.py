"""The events at a glance."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import DjangoORMSearchHandler, PagePermissionHelper
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register
from wagtail_modeladmin.views import IndexView

from home.fields import precise_date_order
from timeline.desk import imports
from timeline.filters import LONGEST_QUERY
from timeline.models import EventPage


class EventPermissionHelper(PagePermissionHelper):
    """ModelAdmin would show its list to anybody who can sign in."""

    def user_can_list(self, user):
        return EventPage.objects.editable_by(user).exists() or bool(imports.timelines_of(user))


class EventSearchHandler(DjangoORMSearchHandler):
    """
    Finds parts of words too, unlike the search of the site. PostgreSQL refuses a query with a NUL, and SQLite
    one of a thousand words.
    """

    def search_queryset(self, queryset, search_term, **kwargs):
        search_term = search_term.replace("\0", " ")[:LONGEST_QUERY]
        return super().search_queryset(queryset, search_term, **kwargs)


class EventIndexView(IndexView):
    """ModelAdmin would filter by any lookup in the address, so that an editor could guess at passwords."""

    def get_filters_params(self, params=None):
        allowed = {f"{name}__{lookup}" for name in self.list_filter for lookup in ("exact", "id__exact")}
        found = super().get_filters_params(params)
        return {name: values for name, values in found.items() if name in allowed}


class EventAdmin(ModelAdmin):
    """The events at a glance: a list to look through, to narrow and to sort."""

    model = EventPage
    menu_label = _("Events")
    menu_icon = "calendar-alt"
    menu_order = 150
    permission_helper_class = EventPermissionHelper
    list_display = ["title", "when", "category", "verification", "source_count", "status"]
    list_filter = ["category", "verification", "live"]
    search_fields = ["title", "summary", "place"]
    index_view_class = EventIndexView
    index_template_name = "timeline/desk/event_index.html"
    search_handler_class = EventSearchHandler
    inspect_view_enabled = False

    def __init__(self, parent=None):
        super().__init__(parent)
        # The filter by category asks for one, and Django's own exists only where its admin is installed.
        self.admin_site = AdminSite()

    def get_queryset(self, request):
        events = super().get_queryset(request)
        return (
            events.filter(pk__in=EventPage.objects.editable_by(request.user).values("pk"))
            .select_related("category")
            .prefetch_related("sources")
        )

    def get_ordering(self, request):
        return [precise_date_order("date").desc()]

    def when(self, event):
        return event.when

    when.short_description = _("Date")
    when.admin_order_field = "date"

    def source_count(self, event):
        return len(event.sources.all())

    source_count.short_description = _("Sources")

    def status(self, event):
        return event.status_string

    status.short_description = _("Status")
    status.admin_order_field = "live"


modeladmin_register(EventAdmin)
