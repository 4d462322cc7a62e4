"""
Lists that can be searched, filtered, sorted and exported, based on ModelAdmin with Wagtail's look.

ModelAdmin shows a list to everybody who can sign in, and accepts any lookup in the URL. Here each list limits
who sees what, and accepts only its own filters.
"""

from django.contrib.admin.templatetags.admin_list import result_headers
from django.urls import path
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.widgets import HeaderButton
from wagtail_modeladmin.helpers import DjangoORMSearchHandler
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from home.admin.lists.columns import In
from home.admin.screens import STYLES, breadcrumbs

LONGEST_QUERY = 200


class SearchHandler(DjangoORMSearchHandler):
    """
    Search that also finds parts of words, unlike the site's own search.

    PostgreSQL refuses a query with a NUL character, and SQLite one of a thousand words.
    """

    def search_queryset(self, queryset, search_term, **kwargs):
        search_term = search_term.replace("\0", " ")[:LONGEST_QUERY]
        return super().search_queryset(queryset, search_term, **kwargs)


class KeyPaginator(WagtailPaginator):
    """Fetches only the rows of one page, by their keys, since the columns of a row need subqueries."""

    @property
    def count(self):
        return len(self.object_list.keys)

    def page(self, number):
        number = self.validate_number(number)
        keys = self.object_list.keys[(number - 1) * self.per_page :][: self.per_page]
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)


class ListView(IndexView):
    paginator_class = KeyPaginator

    def get_filters_params(self, params=None):
        names = {list_filter.parameter_name for list_filter in self.list_filter}
        found = super().get_filters_params(params)
        return {name: values for name, values in found.items() if name in names}

    def get_queryset(self, request=None):
        # ModelAdmin calls this once for an export and once for the page.
        if not hasattr(self, "queryset"):
            self.queryset = super().get_queryset(request)
            # The keys are sorted and counted once, without other columns.
            keys = self.queryset.keys = list(self.queryset.values_list("pk", flat=True))
            self.queryset.count = lambda: len(keys)
        return self.queryset

    def get_heading(self, queryset, field):
        return field.heading

    def to_row_dict(self, item):
        return {column: column.value(item) for column in self.list_export}

    def row(self, item):
        cells = [{"column": column, "value": column.value(item)} for column in self.list_display]
        return {"object": item, "cells": cells, "links": self.model_admin.links_of(item)}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        label = self.model_admin.get_menu_label()
        return context | {
            "headers": list(result_headers(self)),
            "rows": [self.row(item) for item in context["object_list"]],
            "header_title": label,
            "header_icon": self.header_icon,
            "header_buttons": self.model_admin.buttons(self.request.user),
            "breadcrumbs_items": breadcrumbs(("", label)),
            "narrowed": sum(spec.value() is not None for spec in self.filter_specs),
            "media": STYLES,
        }


class ListAdmin(ModelAdmin):
    """
    A list in the admin. It opens no other ModelAdmin views.

    A subclass has `permission_helper_class`, `get_queryset`, which limits what the user sees, `columns`, a
    list of `Column`, and `list_filter`, a list of `Filter` classes.
    """

    add_to_admin_menu = False
    history_view_enabled = False
    list_per_page = 50
    columns = []
    index_view_class = ListView
    index_template_name = "home/admin/list.html"
    search_handler_class = SearchHandler

    def columns_in(self, place):
        return [column for column in self.columns if place in column.places]

    def get_list_display(self, request):
        return self.columns_in(In.LIST)

    def get_list_export(self, request):
        return self.columns_in(In.EXPORT)

    def get_list_filter(self, request):
        return self.list_filter

    def buttons(self, user):
        return []

    def add_button(self, user, label):
        if self.permission_helper.user_can_create(user):
            yield HeaderButton(label, self.url_helper.create_url, icon_name="plus")

    def links_of(self, item):
        """Return pairs of a URL and a label. The first one is the link of the main column."""
        return []

    def get_admin_urls_for_registration(self):
        helper = self.url_helper
        return (path(f"{helper.base_url_path}/", self.index_view, name=helper.get_action_url_name("index")),)

    def get_permissions_for_registration(self):
        # The permissions of pages and snippets apply.
        return super().get_permissions_for_registration().none()

    def register_admin_url_finders(self):
        """Register none, since these objects are edited elsewhere."""

    def register_indexing(self):
        """Register none, since Wagtail keeps the reference index of these objects."""
