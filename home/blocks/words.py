"""Blocks of text."""

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.rich_text import RichText

from home.blocks.addresses import SOURCE_URL, LinkBlock, SourceValue
from home.blocks.stream import BrokenChild, ChoiceBlock
from home.external_links.cleaning import clean_links

GROUP = _("Words")

LEVELS = [("h2", _("Section")), ("h3", _("Subsection"))]
TONES = [("note", _("Note")), ("important", _("Important")), ("safety", _("Staying safe"))]
RICH_TEXT = ["bold", "italic", "ol", "ul", "link", "document-link"]


class AnchoredValue(blocks.StructValue):
    @property
    def heading(self):
        return self.get("text") or self.get("question") or ""

    @property
    def anchor(self):
        """The id of the heading. The prefix sets it apart from other ids of the page."""
        return f"section-{slugify(self.heading)[:80]}".rstrip("-")


class AnchoredBlock(blocks.StructBlock):
    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        return context | {"anchor": unique_anchor(value.anchor, context.get("anchors", {}))}


class HeadingBlock(AnchoredBlock):
    text = blocks.CharBlock(
        max_length=150, label=_("Heading"), help_text=_("Readers see it in large letters above what follows.")
    )
    level = ChoiceBlock(
        choices=LEVELS,
        default="h2",
        label=_("Level"),
        help_text=_("A subsection belongs to the section above it. Screen readers navigate by headings."),
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        group = GROUP
        description = _("A heading that visitors can link to.")
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
        group = GROUP
        description = _("Paragraphs and lists, with bold, italics and links.")
        template = "blocks/text.html"
        preview_value = _(
            "<p>LEAD stands for <b>Law Enforcement Assisted Diversion</b>. Police may refer a person to a "
            "case manager and services instead of arresting them.</p><p>New Haven launched its pilot in "
            "November 2017, in three neighborhoods.</p>"
        )


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
    source_url = LinkBlock(**SOURCE_URL)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        group = GROUP
        description = _("A quotation, with who said it and where.")
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
        required=False, max_length=100, label=_("Heading"), help_text=_("If empty, the kind is shown.")
    )
    text = TextBlock(label=_("Text"), help_text=_("What readers see in the box."))
    tone = ChoiceBlock(
        choices=TONES, default="note", label=_("Kind"), help_text=_("Sets the color and the icon of the box.")
    )

    class Meta:
        icon = "warning"
        label = _("Callout")
        group = GROUP
        description = _("A box for something that readers must not miss.")
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
    level = ChoiceBlock(
        choices=LEVELS,
        default="h3",
        label=_("Level"),
        help_text=_("A subsection belongs to the section above it."),
    )

    class Meta:
        icon = "help"
        label = _("Question and answer")
        group = GROUP
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


def unique_anchor(anchor, taken):
    """Add a number to the anchor if it was used before. `taken` counts the uses of each, and is updated."""
    taken[anchor] = taken.get(anchor, 0) + 1
    return f"{anchor}-{taken[anchor]}" if taken[anchor] > 1 else anchor


def sections_of(body):
    """Return pairs of the anchor and the text of each section heading (h2) of a page body."""
    taken, sections = {}, []
    for child in body:
        if isinstance(child, BrokenChild) or not isinstance(child.value, AnchoredValue):
            continue
        heading = child.value.heading
        anchor = unique_anchor(child.value.anchor, taken)
        # Headings with half a surrogate pair are not shown.
        if heading.encode(errors="ignore").decode() == heading != "" and child.value.get("level") == "h2":
            sections.append((anchor, heading))
    return sections


# Migrations name Wagtail's block, so that they don't depend on this class.
DECONSTRUCT_ALIASES = {TextBlock: "wagtail.blocks.RichTextBlock"}
