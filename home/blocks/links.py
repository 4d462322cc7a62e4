"""Blocks that lead to other pages, files and sites."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

from home.blocks.addresses import LinkBlock
from home.blocks.examples import example
from home.blocks.page_links import in_readers_language
from home.querysets import BasePageQuerySet, visible

GROUP = _("From this site and others")


class EventsBlock(blocks.StructBlock):
    timeline = blocks.PageChooserBlock(
        page_type="timeline.TimelinePage",
        required=False,
        label=_("Timeline"),
        help_text=_("If empty, events of all timelines are shown."),
    )
    concern = blocks.PageChooserBlock(
        page_type="concerns.ConcernPage",
        required=False,
        label=_("Concern"),
        help_text=_("Shows only events that are evidence for it."),
    )
    year = blocks.RegexBlock(
        regex=r"^\d{4}(-\d{4})?$",
        required=False,
        label=_("Year"),
        help_text=_("Shows only events of a year or a range of years: 2018, or 2017-2019."),
        error_messages={"invalid": _("Enter a year, such as 2018, or a range of years, such as 2017-2019.")},
    )
    limit = blocks.IntegerBlock(
        default=5, min_value=1, max_value=20, label=_("How many"), help_text=_("At most this many are shown.")
    )

    class Meta:
        icon = "calendar"
        label = _("Events")
        group = GROUP
        description = _("A part of the timeline, always up to date.")
        template = "blocks/events.html"
        form_layout = blocks.BlockGroup(children=["timeline", "concern", "year"], settings=["limit"])
        preview_value = {"timeline": None, "concern": None, "year": "2018", "limit": 3}


class PageLinkValue(blocks.StructValue):
    @property
    def visible_page(self):
        """The page that the block leads to, in the reader's language if possible; None if it isn't public."""
        page = next(iter(visible([self.get("page")])), None)
        return page and in_readers_language(page)


class DocumentBlock(blocks.StructBlock):
    page = blocks.PageChooserBlock(
        page_type="home.DocumentPage",
        required=False,
        label=_("Document"),
        help_text=_("Links to the page that says what it is, who issued it and when."),
    )
    file = DocumentChooserBlock(
        required=False,
        label=_("File"),
        help_text=_("Links to a file in the library, with its type and size."),
    )
    note = blocks.CharBlock(
        required=False, max_length=300, label=_("Note"), help_text=_("A sentence shown below the link.")
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        group = GROUP
        description = _("A link to a document, a file, or both.")
        template = "blocks/document.html"
        value_class = PageLinkValue

        @staticmethod
        def preview_value():
            return {
                "page": example("home.DocumentPage", live=True),
                "file": None,
                "note": _("Interviews and arrest data of the pilot's first eight months."),
            }

    def clean(self, value):
        value = super().clean(value)
        if not self.is_deferred_validation and not (value.get("page") or value.get("file")):
            raise blocks.StructBlockValidationError(
                non_block_errors=[ValidationError(_("Choose a document, a file, or both."))]
            )
        return value


class RelatedPagesValue(blocks.StructValue):
    @property
    def visible_pages(self):
        """The public pages, in the order that the editor chose, and in the reader's language if possible."""
        return [in_readers_language(page) for page in visible(self.get("pages") or [])]


class RelatedPagesBlock(blocks.StructBlock):
    heading = blocks.CharBlock(
        required=False, max_length=100, label=_("Heading"), help_text=_("If empty: See also.")
    )
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(label=_("Page")),
        min_num=1,
        max_num=8,
        label=_("Pages"),
        help_text=_("Unpublished pages are left out until they are published."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Related pages")
        group = GROUP
        description = _("Links to other pages of this site.")
        template = "blocks/related_pages.html"
        value_class = RelatedPagesValue

        @staticmethod
        def preview_value():
            pages = BasePageQuerySet(apps.get_model("wagtailcore.Page")).for_visitors().filter(depth__gt=2)
            return {"heading": _("Read on"), "pages": list(pages[:3])}


class ButtonBlock(blocks.StructBlock):
    text = blocks.CharBlock(
        max_length=60, label=_("Button text"), help_text=_("Say what happens: Read the final report.")
    )
    page = blocks.PageChooserBlock(
        required=False,
        label=_("Page on this site"),
        help_text=_("Where the button leads. The button is hidden until that page is published."),
    )
    url = LinkBlock(
        required=False,
        label=_("Or another address"),
        help_text=_("Begins with https:// or, for an email address, with mailto:"),
    )

    class Meta:
        icon = "link"
        label = _("Button")
        group = GROUP
        description = _("A link that looks like a button, for one clear next step.")
        template = "blocks/button.html"
        value_class = PageLinkValue
        preview_value = {
            "text": _("Look at the City's dashboard"),
            "page": None,
            "url": "https://veoci.com/veoci/p/dashboard/h2567kvepg",
        }

    def clean(self, value):
        value = super().clean(value)
        chosen = bool(value.get("page")) + bool(value.get("url"))
        if chosen == 2 or (chosen == 0 and not self.is_deferred_validation):
            raise blocks.StructBlockValidationError(
                non_block_errors=[ValidationError(_("Choose a page or enter an address, but not both."))]
            )
        return value
