from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, TitleFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from home.copies.held import held_copy
from home.dates import values
from home.dates.fields import PreciseDateField
from home.forms.figures import FigureForm
from home.forms.panels import RowsPanel
from home.graphics.amounts import moment_of
from home.graphics.names import Name
from home.kept.prepared import is_stored
from home.models.base import BodyPage
from home.models.snippet import Snippet
from home.models.source import SOURCE_SEARCH_FIELDS, SOURCES_PANEL, Source
from home.translating.originals import original_of


class FigureQuerySet(models.QuerySet):
    def with_numbers(self):
        """Prefetch the numbers of figures, and their sources with our copies: three queries in all."""
        return self.select_related("locale").prefetch_related("values", sources_with_copies())

    def originals(self):
        """Leave out translations, whose numbers are those of their originals."""
        first = Figure.objects.filter(locale__language_code=settings.LANGUAGE_CODE, live=True)
        of_this = first.filter(translation_key=OuterRef("translation_key")).exclude(pk=OuterRef("pk"))
        return self.exclude(Exists(of_this))

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
    # Of a translation, whose numbers are those of the original: its words by those of the original.
    group_words = models.JSONField(
        _("names of the groups"),
        default=dict,
        db_default={},
        blank=True,
        help_text=_("Visitors see the original name of a group that has none here."),
    )

    base_form_class = FigureForm
    objects = models.Manager.from_queryset(FigureQuerySet)()

    panels = [
        Snippet.translation_panel,
        TitleFieldPanel("title", classname="", placeholder=False),
        Snippet.slug_panel,
        FieldPanel("description"),
        FieldPanel("group_words"),
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
        index.RelatedFields("values", [index.SearchField(name) for name in ("text", "name", "period")]),
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

    @property
    def cited_sources(self):
        """The sources in order, with their files, and with our copies if they are stored."""
        if is_stored(self.sources.all()):
            # No query if they are there already.
            prefetch_related_objects([self], sources_with_copies())
        return self.sources.all()

    @property
    def groups(self):
        """The groups of its numbers, in order."""
        return list(dict.fromkeys(number.group for number in self.values.all() if number.group))

    @property
    def shared_words(self):
        return sorted(self.groups)

    @property
    def longest_shared_words(self):
        return self.values.model._meta.get_field("group").max_length

    def translate_shared(self, group, words):
        """Name a group in the language of the figure, if it has no name there."""
        self.group_words.setdefault(group, words)

    @cached_property
    def is_translation(self):
        return bool(original_of(self))

    def name_of(self, group):
        """Return the Name of a group for readers."""
        words, reader = self.group_words.get(group), get_language()
        if not group or self.locale_id is None or reader == settings.LANGUAGE_CODE:
            return Name(words or group)
        is_original = self.is_translation and not words
        code = settings.LANGUAGE_CODE if is_original else self.locale.language_code
        return Name(words or group, "" if code == reader else code)

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
    def name(self):
        """Its group in the language of the figure."""
        return self.figure.group_words.get(self.group) or self.group

    @property
    def text(self):
        return self.figure.format_value(Decimal(self.value))

    @property
    def period(self):
        """The period that the number covers, for people; the empty string if unknown."""
        return values.for_people(self.period_start, self.period_end) if self.period_start else ""


class FigureSource(Source):
    owner = ParentalKey(Figure, on_delete=models.CASCADE, related_name="sources")


def sources_with_copies():
    sources = FigureSource.objects.select_related("document").annotate(held=held_copy("url"))
    return Prefetch("sources", sources)


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
