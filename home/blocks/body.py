"""What a page's text is made of. Each block is declared once; what it shows is in `templates/blocks/`."""

from urllib.parse import urlsplit

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock, TypedTableBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.rich_text import RichText
from wagtail.snippets.blocks import SnippetChooserBlock

from home.blocks.page_links import pages_prefetched
from home.blocks.stream import BrokenChild, ResilientStreamBlock
from home.external_links.cleaning import clean_links
from home.external_links.unwrapping import unwrap_url
from home.external_links.validation import is_link, validate_link
from home.graphics.proportions import proportion_of
from home.querysets import BasePageQuerySet, visible

__all__ = [
    "BodyBlock",
    "ButtonBlock",
    "CalloutBlock",
    "ChartBlock",
    "DocumentBlock",
    "EventsBlock",
    "HeadingBlock",
    "LinkBlock",
    "NumberBlock",
    "PictureBlock",
    "QuestionBlock",
    "QuoteBlock",
    "RelatedPagesBlock",
    "TableBlock",
    "TextBlock",
    "VideoBlock",
    "is_link",
    "sections_of",
]

WORDS = _("Words")
MEDIA = _("Pictures and video")
NUMBERS = _("Numbers")
LINKS = _("From this site and others")

LEVELS = [("h2", _("Section")), ("h3", _("Part of a section"))]
SOURCE_URL_HELP = _("The words above link to it: https://…")
TONES = [("note", _("Note")), ("important", _("Important")), ("safety", _("Staying safe"))]
RICH_TEXT = ["bold", "italic", "ol", "ul", "link", "document-link"]


def example(model, **query):
    """The first object of a model, for a preview; None on an empty site."""
    return apps.get_model(model)._default_manager.filter(**query).first()


def example_image():
    image = example("home.SiteImage")
    if image:
        image.contextual_alt_text = "A street in New Haven"
    return image


class AnchoredValue(blocks.StructValue):
    """Something with a heading, to which a link can lead."""

    @property
    def anchor(self):
        """
        The id of the heading.

        Its prefix keeps it from those of the page and of events.
        """
        words = self.get("text") or self.get("question") or ""
        return f"section-{slugify(words)[:80]}".rstrip("-")


class AnchoredBlock(blocks.StructBlock):
    """A block with a heading; its anchor is unique on the page."""

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        return context | {"anchor": unique_anchor(value.anchor, context.get("anchors", {}))}


def unique_anchor(anchor, taken):
    """
    The anchor, with a number if a heading above has the same.

    :param taken: how often each anchor was given on the page so far; counted on here.
    """
    taken[anchor] = taken.get(anchor, 0) + 1
    return f"{anchor}-{taken[anchor]}" if taken[anchor] > 1 else anchor


def sections_of(body):
    """The sections of a page's text: pairs of the anchor and the words of each heading of the first level."""
    taken, sections = {}, []
    for child in body:
        if isinstance(child, BrokenChild) or not isinstance(child.value, AnchoredValue):
            continue
        words = child.value.get("text") or child.value.get("question") or ""
        anchor = unique_anchor(child.value.anchor, taken)
        # Half a character is not shown.
        if words.encode(errors="ignore").decode() == words != "" and child.value.get("level") == "h2":
            sections.append((anchor, words))
    return sections


class LinkBlock(blocks.CharBlock):
    """The address of something outside: http, https or mailto."""

    def __init__(self, **kwargs):
        super().__init__(validators=[validate_link], search_index=False, **kwargs)

    def clean(self, value):
        return super().clean(unwrap_url(value) if value else value)

    class Meta:
        icon = "link-external"


class HeadingBlock(AnchoredBlock):
    text = blocks.CharBlock(
        max_length=150, label=_("Heading"), help_text=_("Readers see it in large letters above what follows.")
    )
    level = blocks.ChoiceBlock(
        choices=LEVELS,
        default="h2",
        label=_("Begins"),
        help_text=_("A section, or a part of the section above it. Readers who listen find their way by it."),
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        group = WORDS
        description = _("A heading over what follows. Visitors can link to it.")
        template = "blocks/heading.html"
        value_class = AnchoredValue
        form_layout = blocks.BlockGroup(children=["text"], settings=["level"])
        preview_value = {"text": _("What the City said LEAD would do"), "level": "h2"}


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs):
        super().__init__(features=RICH_TEXT, **kwargs)

    def clean(self, value):
        return RichText(clean_links(super().clean(value).source))

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = WORDS
        description = _("Paragraphs and lists, with bold, italics and links.")
        template = "blocks/text.html"
        preview_value = _(
            "<p>LEAD stands for <b>Law Enforcement Assisted Diversion</b>. Police may refer a person to a "
            "case manager and services instead of arresting them.</p><p>New Haven launched its pilot in "
            "November 2017, in three neighborhoods.</p>"
        )


class SourceValue(blocks.StructValue):
    """Something with the source that it is taken from."""

    @property
    def source(self):
        """Its title and its address, each of which may be missing; None if both are."""
        title, url = self.get("source_title"), self.get("source_url")
        return {"title": title or url, "url": url} if title or url else None


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(
        label=_("Words quoted"), help_text=_("Exactly as they were said or written, without quotation marks.")
    )
    who = blocks.CharBlock(
        required=False,
        max_length=150,
        label=_("Who said it"),
        help_text=_("A role or an organization. Name a private person only with their consent."),
    )
    source_title = blocks.CharBlock(
        max_length=255, label=_("Source"), help_text=_("What the words are taken from. Shown below them.")
    )
    source_url = LinkBlock(required=False, label=_("Address of the source"), help_text=SOURCE_URL_HELP)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        group = WORDS
        description = _("Somebody's words, set apart, with who said them and where.")
        template = "blocks/quote.html"
        value_class = SourceValue
        preview_value = {
            "text": "community-based diversion approach with the goals of improving public safety and "
            "public order",
            "who": _("LEAD National Support Bureau"),
            "source_title": _("The Bureau's own site"),
            "source_url": "https://www.leadbureau.org/",
        }


class CalloutBlock(blocks.StructBlock):
    heading = blocks.CharBlock(
        required=False, max_length=100, label=_("Heading"), help_text=_("Without one, its kind is shown.")
    )
    text = TextBlock(label=_("Text"), help_text=_("What readers see in the box."))
    tone = blocks.ChoiceBlock(
        choices=TONES, default="note", label=_("Kind"), help_text=_("Sets the color and the mark of the box.")
    )

    class Meta:
        icon = "warning"
        label = _("Callout")
        group = WORDS
        description = _("A box for what must not be missed.")
        template = "blocks/callout.html"
        form_layout = blocks.BlockGroup(children=["heading", "text"], settings=["tone"])
        preview_value = {
            "heading": _("Were you offered LEAD?"),
            "text": _(
                "<p>You can write to us without giving your name. We say who reads it and when it is "
                "deleted.</p>"
            ),
            "tone": "safety",
        }


class QuestionBlock(AnchoredBlock):
    question = blocks.CharBlock(
        max_length=200, label=_("Question"), help_text=_("As a reader would ask it. It becomes a heading.")
    )
    answer = TextBlock(label=_("Answer"), help_text=_("Readers see it below the question."))
    level = blocks.ChoiceBlock(
        choices=LEVELS,
        default="h3",
        label=_("The question begins"),
        help_text=_("A section, or a part of the section above it."),
    )

    class Meta:
        icon = "help"
        label = _("Question and answer")
        group = WORDS
        description = _("A question as a heading, and its answer below. Visitors can link to it.")
        template = "blocks/question.html"
        value_class = AnchoredValue
        form_layout = blocks.BlockGroup(children=["question", "answer"], settings=["level"])
        preview_value = {
            "question": _("What is a social contact referral?"),
            "answer": _(
                "<p>A referral by police of a person who is not accused of an offense, but thought to be at "
                "risk of one.</p>"
            ),
            "level": "h3",
        }


class DescribedImageBlock(ImageBlock):
    """Wagtail's, in our words."""

    def __init__(self, required=True, **kwargs):
        super().__init__(required, **kwargs)
        for name, block in {
            "image": ImageChooserBlock(
                required=required, label=_("Picture"), help_text=_("From our library.")
            ),
            "decorative": blocks.BooleanBlock(
                required=False,
                label=_("Decorative"),
                help_text=_("Only if the picture adds nothing to the text; screen readers then skip it."),
            ),
            "alt_text": blocks.CharBlock(
                required=False,
                label=_("Description"),
                help_text=_("What it shows, in a sentence, read to those who do not see it."),
            ),
        }.items():
            block.set_name(name)
            self.child_blocks[name] = block


class PictureBlock(blocks.StructBlock):
    image = DescribedImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(
        required=False,
        max_length=300,
        label=_("Caption"),
        help_text=_("Shown below the picture, before its credit."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        group = MEDIA
        description = _("A picture with its caption and credit.")
        template = "blocks/image.html"

        @staticmethod
        def preview_value():
            caption = _("The pilot began Downtown, in Hill North and in Hill South.")
            return {"image": example_image(), "caption": caption}


class VideoValue(blocks.StructValue):
    @property
    def site(self):
        """The name of the site on which the video is."""
        return urlsplit(self.get("url") or "").hostname


class VideoBlock(blocks.StructBlock):
    still = DescribedImageBlock(
        label=_("Still"),
        help_text=_("A picture from the video, uploaded here: nothing is loaded from elsewhere."),
    )
    title = blocks.CharBlock(
        max_length=150,
        label=_("Title"),
        help_text=_("What the video is called. Readers see it below the still."),
    )
    url = LinkBlock(
        label=_("Address of the video"),
        help_text=_("A visitor who follows it leaves this site, and is told so."),
    )
    duration = blocks.CharBlock(
        required=False, max_length=30, label=_("How long it is"), help_text=_("For example: 12 minutes.")
    )

    class Meta:
        icon = "media"
        label = _("Video")
        group = MEDIA
        description = _("A still that links to a video on another site.")
        template = "blocks/video.html"
        value_class = VideoValue

        @staticmethod
        def preview_value():
            return {
                "still": example_image(),
                "title": _("Teach-in on LEAD's first nine months"),
                "url": "https://law.yale.edu/ghjp",
                "duration": _("45 minutes"),
            }


class NumberValue(SourceValue):
    @property
    def proportion(self):
        """The number drawn, if it is so many of so many; else None."""
        return proportion_of(self.get("value"))


class NumberBlock(blocks.StructBlock):
    value = blocks.CharBlock(
        max_length=20, label=_("Number"), help_text=_("As a reader sees it: 2, or $75,000, or 1 in 4.")
    )
    label = blocks.CharBlock(
        max_length=150, label=_("What it counts"), help_text=_("Readers see it beside the number.")
    )
    note = blocks.CharBlock(
        required=False, max_length=300, label=_("Note"), help_text=_("For example the time it covers.")
    )
    source_title = blocks.CharBlock(
        max_length=255, label=_("Source"), help_text=_("Where it was published. Shown below the number.")
    )
    source_url = LinkBlock(required=False, label=_("Address of the source"), help_text=SOURCE_URL_HELP)

    class Meta:
        icon = "order"
        label = _("Number")
        group = NUMBERS
        description = _("One number, large, with its source. So many of so many, as 2 of 590, is also drawn.")
        template = "blocks/number.html"
        value_class = NumberValue
        preview_value = {
            "value": "2 of 590",
            "label": _("arrests became a successful diversion"),
            "note": _("In the pilot's first eight months."),
            "source_title": _("Coverage of the final LEAD report, New Haven Independent"),
            "source_url": "https://newhavenindependent.org/index.php/article/lead_report",
        }


class ChartBlock(blocks.StructBlock):
    figure = SnippetChooserBlock(
        "home.Figure",
        label=_("Figure"),
        help_text=_("Its published values are drawn as a chart beside a table, with their sources."),
    )
    caption = blocks.CharBlock(
        required=False,
        max_length=300,
        label=_("Caption"),
        help_text=_("Shown instead of the figure's title."),
    )

    class Meta:
        icon = "view"
        label = _("Chart")
        group = NUMBERS
        description = _("A chart and a table of a figure that is kept under Figures.")
        template = "blocks/chart.html"

        @staticmethod
        def preview_value():
            return {"figure": example("home.Figure", live=True), "caption": ""}


class CaptionedTableBlock(TypedTableBlock):
    """A table whose caption is required, since it is the table's name to those who listen."""

    text = blocks.CharBlock(required=False, label=_("Text"))

    def clean(self, table):
        table = super().clean(table)
        if not self.is_deferred_validation and not (table.columns and table.caption):
            raise TypedTableBlockValidationError(
                non_block_errors=[ValidationError(_("Give the table a caption and at least one column."))]
            )
        return table


class TableBlock(blocks.StructBlock):
    table = CaptionedTableBlock(
        label=_("Table"),
        help_text=_("Its caption says what it shows. Add columns first, then rows."),
    )
    row_headings = blocks.BooleanBlock(
        required=False,
        default=True,
        label=_("The first column holds headings"),
        help_text=_("Tick it if each row is about what its first cell says."),
    )
    source_title = blocks.CharBlock(
        required=False,
        max_length=255,
        label=_("Source"),
        help_text=_("Where it is from. Shown below the table."),
    )
    source_url = LinkBlock(required=False, label=_("Address of the source"), help_text=SOURCE_URL_HELP)

    class Meta:
        icon = "table"
        label = _("Table")
        group = NUMBERS
        description = _("Words and numbers in rows and columns, with a caption.")
        template = "blocks/table.html"
        value_class = SourceValue
        form_layout = blocks.BlockGroup(
            children=["table", "source_title", "source_url"], settings=["row_headings"]
        )
        preview_value = {
            "table": {
                "caption": _("What paid for the start"),
                "columns": [
                    {"type": "text", "heading": _("Grant")},
                    {"type": "text", "heading": _("Amount")},
                ],
                "rows": [
                    {"values": [_("State grant to Cornell Scott, two years"), "$200,000"]},
                    {"values": [_("Federal grant to the City"), "$75,000"]},
                ],
            },
            "row_headings": True,
            "source_title": _("New Haven LEAD Timeline"),
            "source_url": "",
        }


class EventsBlock(blocks.StructBlock):
    timeline = blocks.PageChooserBlock(
        page_type="timeline.TimelinePage",
        required=False,
        label=_("Timeline"),
        help_text=_("Without one, the events of all timelines are shown."),
    )
    concern = blocks.PageChooserBlock(
        page_type="concerns.ConcernPage",
        required=False,
        label=_("Concern"),
        help_text=_("Shows only the events that bear on it."),
    )
    year = blocks.RegexBlock(
        regex=r"^\d{4}(-\d{4})?$",
        required=False,
        label=_("Year"),
        help_text=_("Shows only the events of a year, or of a span: 2018, or 2017-2019."),
        error_messages={"invalid": _("Write a year as 2018, or a span as 2017-2019.")},
    )
    limit = blocks.IntegerBlock(
        default=5, min_value=1, max_value=20, label=_("How many"), help_text=_("At most this many are shown.")
    )

    class Meta:
        icon = "calendar"
        label = _("Events")
        group = LINKS
        description = _("A part of the timeline, always up to date.")
        template = "blocks/events.html"
        form_layout = blocks.BlockGroup(children=["timeline", "concern", "year"], settings=["limit"])
        preview_value = {"timeline": None, "concern": None, "year": "2018", "limit": 3}


class DocumentValue(blocks.StructValue):
    @property
    def visible_page(self):
        """The record, if any visitor may see it now."""
        return next(iter(visible([self.get("page")])), None)


class DocumentBlock(blocks.StructBlock):
    page = blocks.PageChooserBlock(
        page_type="home.DocumentPage",
        required=False,
        label=_("Record"),
        help_text=_("Links to the page that says what it is, from whom and when."),
    )
    file = DocumentChooserBlock(
        required=False,
        label=_("File"),
        help_text=_("Links to a file of the library, with its kind and size."),
    )
    note = blocks.CharBlock(
        required=False, max_length=300, label=_("Note"), help_text=_("A sentence shown below the link.")
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
        group = LINKS
        description = _("A link to a record, to a file, or to both.")
        template = "blocks/document.html"
        value_class = DocumentValue

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
                non_block_errors=[ValidationError(_("Choose a record, a file, or both."))]
            )
        return value


class RelatedPagesValue(blocks.StructValue):
    @property
    def visible_pages(self):
        """The pages that any visitor may see now, in the editor's order."""
        return visible(self.get("pages") or [])


class RelatedPagesBlock(blocks.StructBlock):
    heading = blocks.CharBlock(
        required=False, max_length=100, label=_("Heading"), help_text=_("Without one: See also.")
    )
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(label=_("Page")),
        min_num=1,
        max_num=8,
        label=_("Pages"),
        help_text=_("A page that is not published is left out until it is."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Related pages")
        group = LINKS
        description = _("Links to other pages of this site.")
        template = "blocks/related_pages.html"
        value_class = RelatedPagesValue

        @staticmethod
        def preview_value():
            pages = BasePageQuerySet(apps.get_model("wagtailcore.Page")).for_visitors().filter(depth__gt=2)
            return {"heading": _("Read on"), "pages": list(pages[:3])}


class ButtonValue(blocks.StructValue):
    @property
    def visible_page(self):
        """The page it leads to, if any visitor may see it now."""
        return next(iter(visible([self.get("page")])), None)


class ButtonBlock(blocks.StructBlock):
    text = blocks.CharBlock(
        max_length=60, label=_("Words on the button"), help_text=_("Say what happens: Read the final report.")
    )
    page = blocks.PageChooserBlock(
        required=False,
        label=_("Page of this site"),
        help_text=_("Where the button leads. Nothing is shown until that page is published."),
    )
    url = LinkBlock(
        required=False,
        label=_("Or another address"),
        help_text=_("Begins with https:// or, for a mail, with mailto:"),
    )

    class Meta:
        icon = "link"
        label = _("Button")
        group = LINKS
        description = _("One clear thing to do next: a link that looks like a button.")
        template = "blocks/button.html"
        value_class = ButtonValue
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
                non_block_errors=[
                    ValidationError(_("Choose a page or give an address: exactly one of them."))
                ]
            )
        return value


class BodyBlock(ResilientStreamBlock):
    """The text of a page."""

    heading = HeadingBlock()
    text = TextBlock()
    quote = QuoteBlock()
    callout = CalloutBlock()
    question = QuestionBlock()
    image = PictureBlock()
    video = VideoBlock()
    number = NumberBlock()
    chart = ChartBlock()
    table = TableBlock()
    events = EventsBlock()
    document = DocumentBlock()
    related_pages = RelatedPagesBlock()
    button = ButtonBlock()

    def render_basic(self, value, context=None):
        # Shared by all headings below, so that two of the same words get two anchors.
        context = dict(context or {}, anchors={})
        with pages_prefetched(str(list(value.raw_data))):
            return super().render_basic(value, context)


# Migrations name the stock blocks, so that they outlive these classes.
DECONSTRUCT_ALIASES = {LinkBlock: "wagtail.blocks.CharBlock", TextBlock: "wagtail.blocks.RichTextBlock"}
