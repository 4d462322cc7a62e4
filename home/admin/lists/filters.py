"""Filters of lists."""

from django.contrib.admin import SimpleListFilter
from django.db.models import CharField, F
from django.db.models.functions import Left
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import LocaleFilterMixin
from wagtail.models import Locale

from home.querysets import Stage
from home.wagtail_internals import replace_method

add_fields = LocaleFilterMixin.__init__

# The first four characters of a date as it is stored.
YEAR = Left(F("date"), 4, output_field=CharField())


def name_language(self, *args, **kwargs):
    """Call the filter of choosers "Language". Wagtail gives it no label, so it is that of a developer."""
    add_fields(self, *args, **kwargs)
    if field := self.fields.get("locale"):
        field.label = gettext_lazy("Language")


replace_method(LocaleFilterMixin, "__init__", name_language)


class Filter(SimpleListFilter):
    """
    A filter with a fixed set of choices. Other values in the URL are ignored.

    A subclass has `title`, `parameter_name`, `lookups` for the choices, and `narrow`.
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
        """Return a tuple of value, label and whether it is chosen, for each choice."""
        return [(value, label, str(value) == self.value()) for value, label in self.lookup_choices]


class ChoicesFilter(Filter):
    """A filter by the choices of the field named `parameter_name`."""

    def __init__(self, request, params, model, model_admin):
        self.field = model._meta.get_field(self.parameter_name)
        self.title = self.field.verbose_name
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return self.field.flatchoices


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
        pages = model_admin.get_queryset(request).order_by().exclude(date=None)
        years = pages.values_list(YEAR, flat=True).distinct()
        return [(year, f"{int(year)}") for year in sorted(years, reverse=True) if year.isdecimal()]

    def narrow(self, queryset, value):
        return queryset.annotate(year_of_date=YEAR).filter(year_of_date=value)


class LocaleFilter(Filter):
    title = gettext_lazy("language")
    parameter_name = "locale"

    def lookups(self, request, model_admin):
        return [(locale.pk, str(locale)) for locale in Locale.objects.all()]

    def has_output(self):
        return len(self.lookup_choices) > 1
