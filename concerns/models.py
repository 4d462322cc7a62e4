from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import PageManager
from wagtail.search import index

from home.models import SOURCE_SEARCH_FIELDS, SOURCES_PANEL, BasePage, BodyPage, Source, SourcesRequired
from home.querysets import BasePageQuerySet


class ConcernIndexPage(BasePage):
    """The list of key concerns, in the editors' order."""

    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["concerns.ConcernPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of concerns")
        verbose_name_plural = _("lists of concerns")

    def get_context(self, request, *args, **kwargs):
        concerns = ConcernPage.objects.child_of(self).for_visitors().in_order()
        return super().get_context(request, *args, **kwargs) | {"concerns": concerns}


class ConcernQuerySet(BasePageQuerySet):
    def in_order(self):
        """Order pages as editors arranged them."""
        return self.order_by("path")


class ConcernPage(SourcesRequired, BodyPage):
    """A claim about the program, its reasons, and its evidence over time."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        IMPROVING = "improving", _("Improving")
        RESOLVED = "resolved", _("Resolved")

    schema_type = "Article"
    open_graph_type = "article"
    parent_page_types = ["concerns.ConcernIndexPage"]
    shared_fields = (*BodyPage.shared_fields, "state", "sources")
    subpage_types = []

    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State,
        default=State.OPEN,
        help_text=_("Where the matter stands today, as we see it. Shown beside the title."),
    )

    content_panels = [
        *BodyPage.first_panels,
        FieldPanel("summary"),
        FieldPanel("state"),
        FieldPanel("body", help_text=_("What visitors read below the summary, block by block.")),
        SOURCES_PANEL,
    ]
    search_fields = BodyPage.search_fields + [
        index.RelatedFields("sources", SOURCE_SEARCH_FIELDS),
        index.FilterField("state"),
    ]

    objects = PageManager.from_queryset(ConcernQuerySet)()

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")

    def structured_data(self, request=None):
        data = super().structured_data(request)
        return data | {"headline": self.title, "author": data["publisher"]}


class ConcernSource(Source):
    owner = ParentalKey(ConcernPage, on_delete=models.CASCADE, related_name="sources")
