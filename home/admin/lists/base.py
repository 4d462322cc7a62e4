"""
Lists to look through, to narrow, to sort and to take away, by ModelAdmin in the looks of Wagtail's own.

ModelAdmin lets everybody who can sign in see a list and filters it by any lookup that an address names. Here
each list says who may see what, and takes no filter but its own.
"""

from django import forms
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.templatetags.admin_list import result_headers
from django.urls import path, reverse_lazy
from django.utils.translation import gettext as _
from wagtail.admin.widgets import HeaderButton
from wagtail_modeladmin.helpers import DjangoORMSearchHandler
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from home.dates import values

__all__ = ["ChoicesFilter", "Filter", "ListAdmin", "ListView", "breadcrumbs", "sortable", "when"]

LONGEST_QUERY = 200
STYLES = forms.Media(css={"all": ["site_admin/lists.css"]})


def breadcrumbs(*steps):
    """The way to a screen of the desk: pairs of an address and words, the last one without address."""
    home = {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")}
    return [home, *({"url": url, "label": label} for url, label in steps)]


def when(date):
    """A date as people read it; empty where a draft lacks one."""
    return values.for_people(date) if date else ""


def sortable(date):
    """A date as a spreadsheet sorts it."""
    return values.for_machines(date) if date else ""


class Filter(SimpleListFilter):
    """
    Narrows a list to one of some choices; another value in the address means nothing.

    A subclass has `title` and `parameter_name`, the choices as `lookups`, and `narrow`.
    """

    def value(self):
        value = super().value()
        return value if any(value == str(choice) for choice, _label in self.lookup_choices) else None

    def queryset(self, request, queryset):
        return queryset if self.value() is None else self.narrow(queryset, self.value())

    def narrow(self, queryset, value):
        return queryset.filter(**{self.parameter_name: value})

    @property
    def options(self):
        """The choices as a template shows them: value, words, whether it is chosen."""
        return [(value, label, str(value) == self.value()) for value, label in self.lookup_choices]


class ChoicesFilter(Filter):
    """One of the choices of the field that is named by `parameter_name`."""

    def __init__(self, request, params, model, model_admin):
        self.field = model._meta.get_field(self.parameter_name)
        self.title = self.field.verbose_name
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return self.field.flatchoices


class SearchHandler(DjangoORMSearchHandler):
    """
    Finds parts of words too, unlike the search of the site. PostgreSQL refuses a query with a NUL, and SQLite
    one of a thousand words.
    """

    def search_queryset(self, queryset, search_term, **kwargs):
        search_term = search_term.replace("\0", " ")[:LONGEST_QUERY]
        return super().search_queryset(queryset, search_term, **kwargs)


class ListView(IndexView):
    def get_filters_params(self, params=None):
        names = {list_filter.parameter_name for list_filter in self.list_filter}
        found = super().get_filters_params(params)
        return {name: values for name, values in found.items() if name in names}

    def get_queryset(self, request=None):
        # ModelAdmin asks once for an export and once for the page.
        if not hasattr(self, "queryset"):
            self.queryset = super().get_queryset(request)
        return self.queryset

    # An export has its headings and what stands below each in `list_export`.

    def get_heading(self, queryset, field):
        return str(field)

    def to_row_dict(self, item):
        return {heading: give(item) for heading, give in self.list_export.items()}

    def row(self, item, headers):
        """What a template shows of an object: its cells, and where they lead."""
        cells = [
            {"name": name, "label": header["text"], "value": getattr(self.model_admin, name)(item)}
            for name, header in zip(self.list_display, headers, strict=True)
        ]
        return {"object": item, "cells": cells, "links": self.model_admin.links_of(item)}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        headers = list(result_headers(self))
        label = self.model_admin.get_menu_label()
        return context | {
            "headers": headers,
            "rows": [self.row(item, headers) for item in context["object_list"]],
            "header_title": label,
            "header_icon": self.header_icon,
            "header_buttons": self.model_admin.buttons(self.request.user),
            "breadcrumbs_items": breadcrumbs(("", label)),
            "narrowed": sum(spec.value() is not None for spec in self.filter_specs),
            "media": STYLES,
        }


class ListAdmin(ModelAdmin):
    """
    A list of the desk, at its own address and with nothing else that ModelAdmin would open.

    A subclass names its `permission_helper_class` and has `get_queryset`, which holds what somebody may see.
    Its columns are in `list_display`, each a method that takes an object, named as no field is; `main_column`
    is the one that leads further. Its filters are in `list_filter`, each a `Filter`, and its export in
    `list_export`: by each heading a function that takes an object and gives what stands in the cell.
    """

    add_to_admin_menu = False
    history_view_enabled = False
    list_per_page = 50
    list_export = {}
    empty_value_display = ""
    index_view_class = ListView
    index_template_name = "home/admin/list.html"
    search_handler_class = SearchHandler
    # A sentence above the list.
    introduction = ""

    def get_list_filter(self, request):
        return self.list_filter

    def buttons(self, user):
        """What stands beside the heading."""
        return []

    def add_button(self, user, label):
        """The button that leads to the form of a new one, for those who may add one."""
        if self.permission_helper.user_can_create(user):
            yield HeaderButton(label, self.url_helper.create_url, icon_name="plus")

    def links_of(self, item):
        """Where a row leads: pairs of an address and words, the first one from the title."""
        return []

    def get_admin_urls_for_registration(self):
        helper = self.url_helper
        return (path(f"{helper.base_url_path}/", self.index_view, name=helper.get_action_url_name("index")),)

    def get_permissions_for_registration(self):
        # Who may do what is decided by pages and snippets.
        return super().get_permissions_for_registration().none()

    def register_admin_url_finders(self):
        """None of these objects is edited here."""

    def register_indexing(self):
        """What refers to what is kept by Wagtail."""
