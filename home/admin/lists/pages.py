"""Lists of the pages of one type: who may see which, how far each has come, and all of one at a glance."""

from django.contrib.admin import display
from django.db.models import CharField, F
from django.db.models.functions import Left
from django.shortcuts import get_object_or_404
from django.urls import path, re_path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import HeaderButton
from wagtail.models import Locale
from wagtail_modeladmin.helpers import PagePermissionHelper
from wagtail_modeladmin.views import WMABaseView

from home.admin.lists.base import STYLES, Filter, ListAdmin, breadcrumbs
from home.dates.fields import precise_date_order
from home.querysets import Stage

__all__ = [
    "LocaleFilter",
    "PageListAdmin",
    "SourceFilter",
    "StageFilter",
    "YearFilter",
    "names_of",
    "thumbnail",
]


class PermissionHelper(PagePermissionHelper):
    def user_can_list(self, user):
        return self.user_can_create(user) or self.model.objects.editable_by(user).exists()


class StageFilter(Filter):
    title = gettext_lazy("status")
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return Stage.choices


class SourceFilter(Filter):
    title = gettext_lazy("sources")
    parameter_name = "sources"

    def lookups(self, request, model_admin):
        return [("none", _("Without a source")), ("some", _("With a source"))]

    def narrow(self, queryset, value):
        return queryset.filter(source_count=0) if value == "none" else queryset.filter(source_count__gt=0)


class YearFilter(Filter):
    title = gettext_lazy("year")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        dates = model_admin.get_queryset(request).order_by().values_list("date", flat=True)
        return [
            (f"{year:04}", f"{year}") for year in sorted({date.year for date in dates if date}, reverse=True)
        ]

    def narrow(self, queryset, value):
        year = Left(F("date"), 4, output_field=CharField())
        return queryset.annotate(year_of_date=year).filter(year_of_date=value)


class LocaleFilter(Filter):
    title = gettext_lazy("language")
    parameter_name = "locale"

    def lookups(self, request, model_admin):
        return [(locale.pk, str(locale)) for locale in Locale.objects.all()]

    def has_output(self):
        return len(self.lookup_choices) > 1


def names_of(pages):
    """The titles of pages in a line."""
    return ", ".join(page.title for page in pages)


def thumbnail(image):
    """A picture, small, with what it shows in words."""
    return image.get_rendition("max-400x300").img_tag()


def moment(time):
    """A time as a spreadsheet sorts it, by the clock of the site."""
    return f"{localtime(time):%Y-%m-%d %H:%M}" if time else ""


class DetailView(WMABaseView):
    """All that there is about a page, in the words of its latest draft, for those who may change it."""

    template_name = "home/admin/page_detail.html"

    def get_context_data(self, pk, **kwargs):
        admin = self.model_admin
        found = get_object_or_404(admin.get_queryset(self.request), pk=pk)
        page = found.get_latest_revision_as_object() if found.has_unpublished_changes else found
        details = [(label, give(page)) for label, give in admin.details.items()]
        return super().get_context_data(**kwargs) | {
            "page": page,
            "stage": admin.stage(found),
            "is_newer": found.live and found.has_unpublished_changes,
            "revision": found.latest_revision,
            "details": [(label, value) for label, value in details if value],
            "header_title": page.title,
            "header_icon": admin.get_menu_icon(),
            "header_buttons": self.buttons(found),
            "breadcrumbs_items": breadcrumbs(
                (admin.url_helper.index_url, admin.get_menu_label()), ("", page.title)
            ),
            "media": STYLES,
        }

    def buttons(self, page):
        yield HeaderButton(_("Edit"), reverse("wagtailadmin_pages:edit", args=[page.pk]), icon_name="edit")
        yield HeaderButton(
            _("As visitors will see it"),
            reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
            icon_name="view",
        )
        yield HeaderButton(
            _("History"), reverse("wagtailadmin_pages:history", args=[page.pk]), icon_name="history"
        )


class PageListAdmin(ListAdmin):
    """
    The pages of a type that somebody may change. Their type has sources and a date.

    Besides what a `ListAdmin` has, a subclass has `details`: by each label a function that takes a page.
    """

    permission_helper_class = PermissionHelper
    main_column = "shown_title"
    ordering = ["-dated", "-pk"]
    # What the export has of every page, behind what the subclass adds.
    export_of_every_page = {
        gettext_lazy("Status"): lambda page: Stage(page.stage).label,
        gettext_lazy("Address"): lambda page: page.full_url if page.live else "",
        gettext_lazy("Last changed"): lambda page: moment(page.latest_revision_created_at),
    }

    def get_queryset(self, request):
        # An alias is changed through its original.
        originals = self.model.objects.filter(alias_of=None).editable_by(request.user)
        pages = originals.with_stage().with_source_count()
        dated = pages.annotate(dated=precise_date_order("date"))
        return dated.select_related("locale").order_by(*self.ordering)

    def get_admin_urls_for_registration(self):
        helper = self.url_helper
        base, name = helper.base_url_path, helper.get_action_url_name
        return (
            *super().get_admin_urls_for_registration(),
            path(f"{base}/create/", self.create_view, name=name("create")),
            path(f"{base}/choose_parent/", self.choose_parent_view, name=name("choose_parent")),
            # No longer than a number in a database.
            re_path(rf"^{base}/(?P<pk>\d{{1,18}})/$", self.detail_view, name=name("detail")),
        )

    def detail_view(self, request, pk):
        return DetailView.as_view(model_admin=self)(request, pk=pk)

    def links_of(self, page):
        return [
            (self.url_helper.get_action_url("edit", page.pk), _("Edit")),
            (self.url_helper.get_action_url("detail", page.pk), _("Details")),
        ]

    # Columns

    @display(description=gettext_lazy("Title"), ordering="title")
    def shown_title(self, page):
        return page.get_admin_display_title()

    @display(description=gettext_lazy("Sources"), ordering="source_count")
    def sources_in_all(self, page):
        return page.source_count

    @display(description=gettext_lazy("Status"), ordering="stage")
    def stage(self, page):
        return Stage(page.stage).label
