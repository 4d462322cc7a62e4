from functools import lru_cache

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.models import Orderable, Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.search import index

from home.conditions import any_of, below
from home.content_checks.obstacles import Obstacle
from home.content_checks.problem import Problem, address_problem, date_problems
from home.copies.held import HeldCopy, held_copy
from home.dates import values
from home.dates.fields import DayField, PreciseDateField
from home.external_links.fields import PublicURLField
from home.external_links.validation import is_link
from home.forms.panels import RowsPanel
from home.forms.widgets import SourceAddressInput, UsedSourceInput
from home.kept.prepared import Parameter, Prepared, is_stored
from home.models.library.file_page import FilePage
from home.privacy import hidden_paths

# The fields of a source by which the search finds what cites it.
SOURCE_SEARCH_FIELDS = [index.SearchField(name) for name in ("title", "publisher", "note")]
SOURCES_PANEL = RowsPanel(
    "sources",
    heading=_("Sources"),
    label=_("source"),
    help_text=_("Where visitors can check it. The page numbers them in this order."),
)


class SourceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Sources whose owner is public, or may be changed by the user."""
        owner = self.model._meta.get_field("owner").related_model
        if not issubclass(owner, Page):
            may_change = ModelPermissionPolicy(owner).user_has_permission(user, "change")
            return self if may_change else self.filter(owner__live=True)
        public = Q(owner__live=True) & ~below(hidden_paths(), "owner__path")
        own = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        return self.filter(public | Q(owner__in=own.values("pk")))

    def containing(self, text, fields):
        """Sources that contain each word of the text in one of the fields, possibly as part of a word."""
        found = self
        for word in text.split():
            found = found.filter(any_of(Q((f"{field}__icontains", word)) for field in fields))
        return found


class Source(Orderable):
    """A place where a claim can be checked. Subclasses add the parental key `owner`."""

    title = models.CharField(
        _("title"), max_length=255, help_text=_("The title of the article, report or document.")
    )
    publisher = models.CharField(
        _("publisher"), max_length=255, blank=True, help_text=_("Who published it: a newspaper, an agency.")
    )
    url = PublicURLField(
        _("web address"), max_length=500, blank=True, help_text=_("Where a visitor can read it.")
    )
    published = PreciseDateField(
        _("published"),
        blank=True,
        help_text=_("As exactly as known: October 25, 2018, or December 2018, or 2018."),
    )
    accessed = DayField(
        _("read on"), null=True, blank=True, help_text=_("The day on which you last read it there.")
    )
    archived_url = PublicURLField(
        _("archived copy"),
        max_length=500,
        blank=True,
        help_text=_("The address of a saved copy, shown beside the link in case the original disappears."),
    )
    document = models.ForeignKey(
        "home.SiteDocument",
        verbose_name=_("file in our library"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A copy that we hold and may publish."),
    )
    note = models.CharField(
        _("note"), max_length=255, blank=True, help_text=_("For example the page, or who is quoted.")
    )

    page = models.CharField(
        _("page of the file"),
        max_length=4,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[1-9]\d*$", _("Enter the number of a page, such as 7."))],
        help_text=_("Which page of the PDF, counted from its first one."),
    )
    quote = models.CharField(
        _("quoted words"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Words as they are on that page, with … for what you leave out. If a published document has the "
            "file, readers see them cut out of the page, with a link to the whole page."
        ),
    )

    # The title of a source is a claim; its location, and when somebody read it, is not.
    not_claims = ("url", "accessed", "archived_url", "document", "page")
    # Facts about one citation, which a suggestion for another one leaves out.
    not_suggested = ("note", "page", "quote")

    # The data of a HeldCopy, in sources that were read for a page.
    held = None

    objects = SourceQuerySet.as_manager()

    panels = [
        FieldPanel("title", widget=UsedSourceInput),
        FieldPanel("publisher", widget=UsedSourceInput),
        FieldPanel("url", widget=SourceAddressInput),
        FieldRowPanel([FieldPanel("published"), FieldPanel("accessed")]),
        FieldPanel("archived_url"),
        FieldPanel("document"),
        FieldPanel("page"),
        # One line would join the last word of a pasted line and the first one of the next.
        FieldPanel("quote", widget=AdminAutoHeightTextInput),
        FieldPanel("note"),
    ]

    class Meta(Orderable.Meta):
        abstract = True
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self):
        return f"{self.title} ({self.publisher})" if self.publisher else self.title

    @classmethod
    def data_fields(cls):
        """
        Return the fields that describe a source, in the order in which they are declared.

        Exports, imports, suggestions and starter content all read this list. Spreadsheets tell the parts of
        a source by their order, so declare a new field after the others.
        """
        return [field for field in cls._meta.fields if field.name not in ("id", "sort_order", "owner")]

    @property
    def page_number(self):
        return int(self.page) if self.page.isdecimal() else 0

    @cached_property
    def held_copy(self):
        return HeldCopy(**self.held) if self.held else None

    def as_structured_data(self):
        """Return the source as a schema.org CreativeWork."""
        data = {"@type": "CreativeWork", "name": self.title}
        if self.publisher:
            data["publisher"] = {"@type": "Organization", "name": self.publisher}
        if is_link(self.url):
            data["url"] = self.url
        if self.published:
            data["datePublished"] = values.for_machines(self.published)
        if is_link(self.archived_url):
            data["archivedAt"] = self.archived_url
        elif self.held_copy and self.held_copy.is_shown:
            data["archivedAt"] = f"{settings.BASE_URL}{self.held_copy.address}"
        return data


@lru_cache
def sources_of(model):
    """Return the query of the sources of a page, with their files and what we hold of them."""
    sources = model.objects.filter(owner=Parameter(0)).select_related("document")
    return Prepared(sources.annotate(held=held_copy("url")))


class Sourced(models.Model):
    """A page with an ordered list of `sources`."""

    class Meta:
        abstract = True

    @cached_property
    def cited_sources(self):
        """The sources in order, with their files, and with our copies if they are stored."""
        sources = self.sources.all()
        return sources_of(sources.model)(self.pk) if is_stored(sources) else list(sources)

    @property
    def holds_copy(self):
        """Whether we hold a copy of what a source cites."""
        return any(source.held_copy for source in self.cited_sources)

    def structured_data(self, request=None):
        citation = [source.as_structured_data() for source in self.cited_sources]
        return super().structured_data(request) | {"citation": citation}

    def problems(self):
        """Add sources that nobody can check."""
        yield from super().problems()
        for source in self.sources.all():
            yield from date_problems(source, "sources")
            for address in filter(None, [source.url, source.archived_url]):
                yield from address_problem(address, "sources")
            if source.quote and not FilePage.objects.has_quoted(source):
                words = gettext(
                    "The words that the source “%(title)s” quotes are not found, so readers don’t see them "
                    "on the page. Check the words, the number of the page, and that a published document has "
                    "the file."
                ) % {"title": source.title}
                yield Problem(words, "sources", is_hint=True)
            if not (source.url or source.archived_url or source.document_id or source.note):
                words = gettext(
                    "The source “%(title)s” cannot be checked. Add its address, a file, or a note on where "
                    "it is."
                ) % {"title": source.title}
                yield Problem(words, "sources", is_hint=True)


class SourcesRequired(Sourced):
    """A page that is published with at least one source. A draft may lack it."""

    needed_rows = ("sources",)

    class Meta:
        abstract = True

    def obstacles(self):
        # An empty row does not count.
        if not any(source.title for source in self.sources.all()):
            words = gettext("No source yet. Add at least one under Sources: without it, this stays a draft.")
            refusal = gettext("“%(title)s” has no source yet. Add at least one under Sources, then publish.")
            yield Obstacle(words, "sources", refusal=refusal % {"title": self.title})
        yield from super().obstacles()
