from urllib.parse import urlencode

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.routable_page.models import path
from wagtail.models import PageManager
from wagtail.search import index

from home.dates import values
from home.dates.fields import PreciseDateField, precise_date_order
from home.models.base import BasePage, BodyPage
from home.models.library.file_page import FilePage
from home.models.library.file_text import FileText
from home.models.source import SOURCE_SEARCH_FIELDS, SOURCES_PANEL, Source, Sourced
from home.privacy import hidden_collections
from home.querysets import BasePageQuerySet

# Characters of a search or a quotation that is marked on a page of a file.
MAX_QUERY = 600
# Digits of a page's number.
MAX_DIGITS = 5


class DocumentIndexPage(BasePage):
    """The list of documents, newest first."""

    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.DocumentPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of documents")
        verbose_name_plural = _("lists of documents")

    def get_context(self, request, *args, **kwargs):
        documents = (
            DocumentPage.objects.child_of(self)
            .for_visitors()
            .select_related("file")
            .order_by(precise_date_order("date").desc(), "title")
        )
        return super().get_context(request, *args, **kwargs) | {"documents": documents}


class DocumentQuerySet(BasePageQuerySet):
    def with_public_files(self):
        """Documents with a public file, with the text of the file and the number of its pages."""
        files = self.filter(file__isnull=False).exclude(file__collection__in=hidden_collections())
        pages = FilePage.objects.filter(document=OuterRef("file"), file_hash=OuterRef("file__file_hash"))
        return files.select_related("file__file_text").annotate(
            page_count=Coalesce(Subquery(pages.counts()), 0)
        )


class DocumentPage(Sourced, BodyPage):
    """A document: its issuer, its date, a summary in our words, and the file if we hold it."""

    class Kind(models.TextChoices):
        REPORT = "report", _("Report")
        LETTER = "letter", _("Letter")
        MINUTES = "minutes", _("Minutes")
        AGREEMENT = "agreement", _("Agreement")
        CONTRACT = "contract", _("Contract")
        OTHER = "other", _("Other document")

    class Status(models.TextChoices):
        CURRENT = "current", _("Current")
        ARCHIVED = "archived", _("Archived")

    schema_type = "ItemPage"
    open_graph_type = "article"
    parent_page_types = ["home.DocumentIndexPage"]
    shared_fields = (*BodyPage.shared_fields, "date", "kind", "status", "file", "sources")
    subpage_types = []

    issued_by = models.CharField(
        _("from whom"), max_length=255, help_text=_("Who wrote or issued the document.")
    )
    date = PreciseDateField(
        _("date"),
        help_text=_("As exactly as known: October 25, 2018, or December 2018, or 2018, or about 2018."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.OTHER,
        help_text=_("Visitors see it below the title."),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
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
            "The document itself. Without it, the page says that we hold no copy, and shows where it is."
        ),
    )

    content_panels = [
        *BodyPage.first_panels,
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("issued_by"), FieldPanel("date")]),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("status")]),
        FieldPanel("file"),
        FieldPanel(
            "body",
            heading=_("What it says, in our words"),
            help_text=_("What visitors read below the summary, block by block."),
        ),
        SOURCES_PANEL,
    ]
    search_fields = BodyPage.search_fields + [
        index.SearchField("issued_by", boost=2),
        index.SearchField("get_kind_display", boost=2),
        index.SearchField("file_words", boost=0.5),
        index.RelatedFields("sources", SOURCE_SEARCH_FIELDS),
        index.FilterField("kind"),
        index.FilterField("status"),
    ]

    objects = PageManager.from_queryset(DocumentQuerySet)()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    @property
    def file_pages(self):
        """The text of each page of the file, one in all if the file has no pages, [] if none was read."""
        text = getattr(self.file, "file_text", None)
        return text.pages if text and text.is_of(self.file) else []

    def file_words(self):
        """Return the text of the file for the search index; the empty string if the file isn't public."""
        if self.file is None or not self.file.is_open:
            return ""
        return "\n".join(self.file_pages)

    @cached_property
    def page_count(self):
        """The number of pages of the file that visitors can read here; 0 if none can be drawn."""
        if self.file is None or not self.file.is_open:
            return 0
        return next(iter(FilePage.objects.of(self.file).counts()), 0)

    @path("pages/", name="file_pages")
    def file_pages_route(self, request):
        """Lead to the page of the file with the number that a visitor typed."""
        if not self.page_count:
            raise Http404
        typed = request.GET.get("page", "")[:MAX_DIGITS]
        number = min(int(typed), self.page_count) if typed.isascii() and typed.isdecimal() else 1
        return HttpResponseRedirect(self.address_of_page(max(number, 1), request))

    @path("pages/<int:number>/", name="file_page")
    def file_page_route(self, request, number):
        """Serve a page of the file. With the words of a search, they are marked."""
        found = FilePage.objects.of(self.file).at(number).first() if self.page_count else None
        if found is None:
            raise Http404
        query = request.GET.get("q", "")[:MAX_QUERY]
        address = self.address_of_page(number, full=True)
        context = {
            "page": self,
            "file_page": found,
            "own_address": address,
            # Other sites can embed a quotation, too.
            "embed_address": f"{address}?{urlencode({'q': query})}" if query else address,
            "query": query,
        }
        response = TemplateResponse(request, "home/file_page.html", context)
        if query:
            # What people search for is private.
            response["Cache-Control"] = "no-store"
        return response

    def address_of_page(self, number, request=None, full=False):
        start = self.full_url if full else self.get_url(request)
        return start + self.reverse_subpage("file_page", args=[number])

    @cached_property
    def file_note(self):
        """A sentence on why the search doesn't find all of the file's text; empty if it does."""
        text = FileText.objects.defer("pages").filter(document_id=self.file_id).first()
        return text.note if text else ""

    def structured_data(self, request=None):
        document = {
            "@type": "DigitalDocument",
            "name": self.title,
            "author": {"@type": "Organization", "name": self.issued_by},
            "genre": self.get_kind_display(),
        }
        # The preview of a draft may lack a date.
        if self.date:
            document["dateCreated"] = values.for_machines(self.date)
        return super().structured_data(request) | {"mainEntity": document}


class DocumentSource(Source):
    owner = ParentalKey(DocumentPage, on_delete=models.CASCADE, related_name="sources")
