from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, TitleFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from home.dates import values
from home.dates.fields import PreciseDateField
from home.forms.panels import RowsPanel
from home.graphics.amounts import moment_of
from home.models.base import BodyPage
from home.models.snippet import Snippet
from home.models.source import SOURCE_SEARCH_FIELDS, SOURCES_PANEL, Source


class FigureQuerySet(models.QuerySet):
    def with_numbers(self):
        """Prefetch the numbers and sources of figures: three queries in all."""
        return self.prefetch_related("values", "sources__document")

    def without_sources(self):
        """Figures without a source. Empty rows don't count."""
        return self.exclude(pk__in=FigureSource.objects.exclude(title="").values("owner"))


class Figure(Snippet, ClusterableModel):
    """A published count: its numbers over time or by group, and its sources."""

    shared_fields = ("unit", "breakdown", "sort_order", "values", "sources")

    class Unit(models.TextChoices):
        COUNT = "count", _("A count")
        USD = "usd", _("US dollars")
        PERCENT = "percent", _("Percent")

    class Breakdown(models.TextChoices):
        NONE = "none", _("Not broken down")
        NEIGHBORHOOD = "neighborhood", _("By neighborhood")
        REFERRAL = "referral", _("By referral")
        GENDER = "gender", _("By gender")
        ETHNICITY = "ethnicity", _("By ethnicity")
        RACE = "race", _("By race")

    title = models.CharField(
        _("what is counted"),
        max_length=255,
        help_text=_("For example: Arrests in the pilot's first eight months."),
    )
    slug = models.SlugField(
        _("short name in the address"),
        max_length=100,
        help_text=_("For example: arrests-first-eight-months."),
    )
    description = models.TextField(
        _("what it means"), blank=True, help_text=_("How it was counted, and what it leaves out.")
    )
    unit = models.CharField(
        _("unit"),
        max_length=10,
        choices=Unit,
        default=Unit.COUNT,
        help_text=_("How visitors see each number: 590, $590 or 590%."),
    )
    breakdown = models.CharField(
        _("broken down"),
        max_length=12,
        choices=Breakdown,
        default=Breakdown.NONE,
        help_text=_("How the numbers differ, if not by time."),
    )
    sort_order = models.PositiveIntegerField(
        _("place in the list"), default=0, help_text=_("Lower numbers come first.")
    )

    objects = models.Manager.from_queryset(FigureQuerySet)()

    panels = [
        Snippet.translation_panel,
        TitleFieldPanel("title", classname="", placeholder=False),
        Snippet.slug_panel,
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("unit"), FieldPanel("breakdown"), FieldPanel("sort_order")]),
        RowsPanel(
            "values",
            heading=_("Numbers"),
            label=_("number"),
            min_num=1,
            help_text=_("Two or more are drawn as a chart beside the table."),
        ),
        SOURCES_PANEL,
    ]
    search_fields = [
        index.SearchField("title", boost=5),
        index.AutocompleteField("title"),
        index.SearchField("description", boost=2),
        index.RelatedFields("values", [index.SearchField(name) for name in ("text", "group", "period")]),
        index.RelatedFields("sources", SOURCE_SEARCH_FIELDS),
        index.FilterField("locale_id"),
        index.FilterField("live"),
    ]

    class Meta(Snippet.Meta):
        ordering = ["sort_order", "title"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")

    def __str__(self):
        return self.title

    def format_value(self, value):
        """Return a number of this figure with its unit: "590", "$75,000", "12%"."""
        places = 0 if value == value.to_integral_value() else -value.as_tuple().exponent
        number = number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
        if self.unit == self.Unit.USD:
            return f"-${number[1:]}" if value < 0 else f"${number}"
        return f"{number}%" if self.unit == self.Unit.PERCENT else number


class FigureValue(Orderable):
    """A published number: its group, the period it covers, and when it was published."""

    figure = ParentalKey(Figure, on_delete=models.CASCADE, related_name="values")
    value = models.DecimalField(
        _("number"),
        max_digits=14,
        decimal_places=2,
        help_text=_("Only the number; visitors see it with its unit."),
    )
    group = models.CharField(
        _("group"), max_length=100, blank=True, help_text=_("Only if the figure is broken down: Downtown.")
    )
    period_start = PreciseDateField(
        _("counts from"), blank=True, help_text=_("The first day, month or year that the number covers.")
    )
    period_end = PreciseDateField(
        _("counts to"), blank=True, help_text=_("The last one. Leave it empty if it is the same.")
    )
    published = PreciseDateField(
        _("published"), blank=True, help_text=_("When the number was published or the money awarded.")
    )

    panels = [
        FieldRowPanel([FieldPanel("value"), FieldPanel("group")]),
        FieldRowPanel([FieldPanel("period_start"), FieldPanel("period_end"), FieldPanel("published")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("number")
        verbose_name_plural = _("numbers")

    def __str__(self):
        return self.text

    def clean(self):
        super().clean()
        if self.period_end and not self.period_start:
            raise ValidationError({"period_start": _("Also enter when the period begins.")})
        if self.period_end and self.period_end.last_day < self.period_start.first_day:
            raise ValidationError({"period_end": _("The period ends before it begins.")})

    @property
    def text(self):
        return self.figure.format_value(Decimal(self.value))

    @property
    def period(self):
        """The period that the number covers, for people; the empty string if unknown."""
        return values.for_people(self.period_start, self.period_end) if self.period_start else ""


class FigureSource(Source):
    owner = ParentalKey(Figure, on_delete=models.CASCADE, related_name="sources")


class FiguresPage(BodyPage):
    """All published figures, each with its sources and, if it is a series, a chart."""

    schema_type = "Dataset"
    parent_page_types = ["home.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("figures page")
        verbose_name_plural = _("figures pages")

    @cached_property
    def figures(self):
        return Figure.objects.filter(live=True, locale_id=self.locale_id).with_numbers()

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"figures": self.figures}

    @property
    def has_series(self):
        """Whether a figure shows how a number changed over time."""
        return any(len({moment_of(number) for number in each.values.all()}) > 1 for each in self.figures)

    def structured_data(self, request=None):
        data = super().structured_data(request)
        return data | {
            "creator": data["publisher"],
            "isAccessibleForFree": True,
            "variableMeasured": [figure.title for figure in self.figures],
        }
