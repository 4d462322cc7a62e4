"""The blocks that editors choose from in the body of a page. Their templates are in `templates/blocks/`."""

from wagtail.fields import StreamField

from home.blocks.links import ButtonBlock, DocumentBlock, EventsBlock, RelatedPagesBlock
from home.blocks.media import CaptionedImageBlock, VideoBlock
from home.blocks.numbers import ChartBlock, NumberBlock, TableBlock
from home.blocks.page_links import pages_prefetched
from home.blocks.stream import ResilientStreamBlock
from home.blocks.words import CalloutBlock, HeadingBlock, QuestionBlock, QuoteBlock, TextBlock


class BodyBlock(ResilientStreamBlock):
    heading = HeadingBlock()
    text = TextBlock()
    quote = QuoteBlock()
    callout = CalloutBlock()
    question = QuestionBlock()
    image = CaptionedImageBlock()
    video = VideoBlock()
    number = NumberBlock()
    chart = ChartBlock()
    table = TableBlock()
    events = EventsBlock()
    document = DocumentBlock()
    related_pages = RelatedPagesBlock()
    button = ButtonBlock()

    def render_basic(self, value, context=None):
        # Shared by all headings of the body, so that each gets its own anchor.
        context = dict(context or {}, anchors={})
        with pages_prefetched(str(list(value.raw_data))):
            return super().render_basic(value, context)


class BodyField(StreamField):
    """A field for blocks, which migrations hold without its blocks.

    Blocks don't change the table. With them in migrations, each new word in a block would rewrite the table
    of each page type.
    """

    def deconstruct(self):
        name, _path, _blocks, options = super().deconstruct()
        return name, "wagtail.fields.StreamField", [[]], {**options, "block_lookup": {}}
