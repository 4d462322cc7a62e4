"""Lists of the pages of one type, and the details screen of each page."""

from django.shortcuts import get_object_or_404
from django.urls import path, re_path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import HeaderButton
from wagtail_modeladmin.forms import ParentChooserForm
from wagtail_modeladmin.helpers import PagePermissionHelper
from wagtail_modeladmin.views import WMABaseView

from home.admin.lists.base import ListAdmin
from home.admin.lists.columns import Column, In
from home.admin.screens import STYLES, breadcrumbs
from home.dates.fields import precise_date_order
from home.querysets import Stage

# The package translates its own label when it is imported, for nobody in particular.
ParentChooserForm.base_fields["parent_page"].label = _("Page above")


class PermissionHelper(PagePermissionHelper):
    def user_can_list(self, user):
        return self.user_can_create(user) or self.model.objects.editable_by(user).exists()


def titles_of(pages):
    return ", ".join(page.title for page in pages)


def time_for_sorting(time):
    """Return a time, in the site's time zone, as a spreadsheet can sort it."""
    return f"{localtime(time):%Y-%m-%d %H:%M}" if time else ""


def stage_of(page):
    return Stage(page.stage).label


# The title of the latest draft.
TITLE = Column(_("Title"), lambda page: page.get_admin_display_title(), In.LIST, sort="title", is_main=True)
SOURCE_COUNT = Column(
    _("Sources"),
    lambda page: page.source_count,
    In.LIST | In.EXPORT,
    sort="source_count",
    export_heading=_("Number of sources"),
)
# How far a page has come.
TRACKING = [
    Column(_("Status"), stage_of, In.LIST | In.EXPORT, sort="stage"),
    Column(_("Address"), lambda page: page.full_url if page.live else "", In.EXPORT),
    Column(_("Last changed"), lambda page: time_for_sorting(page.latest_revision_created_at), In.EXPORT),
]


class DetailView(WMABaseView):
    """Everything about a page as its latest draft has it, for users who may edit it."""

    template_name = "home/admin/page_detail.html"

    def get_context_data(self, pk, **kwargs):
        admin = self.model_admin
        found = get_object_or_404(admin.get_queryset(self.request), pk=pk)
        page = found.get_latest_revision_as_object() if found.has_unpublished_changes else found
        details = [(column.label, column.value(page)) for column in admin.columns_in(In.DETAILS)]
        return super().get_context_data(**kwargs) | {
            "page": page,
            "stage": stage_of(found),
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
            _("View draft"), reverse("wagtailadmin_pages:view_draft", args=[page.pk]), icon_name="view"
        )
        yield HeaderButton(
            _("History"), reverse("wagtailadmin_pages:history", args=[page.pk]), icon_name="history"
        )


class PageListAdmin(ListAdmin):
    """The pages of a type, with sources and a date, that the user may edit."""

    permission_helper_class = PermissionHelper
    ordering = ["-dated", "-pk"]

    def get_queryset(self, request):
        # An alias is edited through its original.
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
            # A longer number is too large for the database.
            re_path(rf"^{base}/(?P<pk>\d{{1,18}})/$", self.detail_view, name=name("detail")),
        )

    def detail_view(self, request, pk):
        return DetailView.as_view(model_admin=self)(request, pk=pk)

    def links_of(self, page):
        return [
            (self.url_helper.get_action_url("edit", page.pk), _("Edit")),
            (self.url_helper.get_action_url("detail", page.pk), _("Details")),
        ]
