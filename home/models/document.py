from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Page
from wagtail.search import index

from home import dates
from home.fields import PreciseDateField, precise_date_order
from home.models.base import BasePage, BodyPage
from home.models.source import Source, Sourced

__all__ = ["DocumentIndexPage", "DocumentPage", "DocumentSource"]


class DocumentIndexPage(BasePage):
    """The records, the newest first."""

    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.DocumentPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of records")
        verbose_name_plural = _("lists of records")

    def get_context(self, request, *args, **kwargs):
        documents = (
            DocumentPage.objects.child_of(self)
            .live()
            .public()
            .select_related("file")
            .order_by(precise_date_order("date").desc(), "title")
        )
        return super().get_context(request, *args, **kwargs) | {"documents": documents}


class DocumentPage(Sourced, BodyPage):
    """A record: what it is, from whom, when, what it says in our words, and the file where we hold it."""

    class Kind(models.TextChoices):
        REPORT = "report", _("Report")
        LETTER = "letter", _("Letter")
        MINUTES = "minutes", _("Minutes")
        AGREEMENT = "agreement", _("Agreement")
        CONTRACT = "contract", _("Contract")
        OTHER = "other", _("Other record")

    class Status(models.TextChoices):
        CURRENT = "current", _("Current")
        ARCHIVED = "archived", _("Archived")

    schema_type = "DigitalDocument"
    parent_page_types = ["home.DocumentIndexPage"]
    subpage_types = []

    issued_by = models.CharField(
        _("from whom"), max_length=255, help_text=_("Who wrote or issued the record.")
    )
    date = PreciseDateField(
        _("date"),
        help_text=_("As exactly as known: October 25, 2018, or December 2018, or 2018, or about 2018."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OTHER)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.CURRENT,
        help_text=_("Archived: kept for the record, no longer in force."),
    )
    file = models.ForeignKey(
        "home.SiteDocument",
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pages",
        help_text=_(
            "The record itself. Without it the page says that we hold no copy, and shows where it is."
        ),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("issued_by"), FieldPanel("date")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("status")]),
        FieldPanel("file"),
        FieldPanel("body", heading=_("What it says, in our words")),
        InlinePanel("sources", heading=_("Sources"), label=_("source")),
    ]
    search_fields = BodyPage.search_fields + [
        index.SearchField("issued_by"),
        index.FilterField("kind"),
        index.FilterField("status"),
    ]

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")

    def structured_data(self, request=None):
        return super().structured_data(request) | {
            "dateCreated": dates.for_machines(self.date),
            "author": {"@type": "Organization", "name": self.issued_by},
            "genre": self.get_kind_display(),
            "citation": [source.as_structured_data() for source in self.cited_sources],
        }


class DocumentSource(Source):
    owner = ParentalKey(DocumentPage, on_delete=models.CASCADE, related_name="sources")
