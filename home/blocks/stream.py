"""A stream of blocks that survives what is stored in it: a broken block is skipped, the page stays up."""

import json
import logging

from django.utils.html import format_html_join
from wagtail import blocks
from wagtail.rich_text import RichText

from home.blocks.errors import put_in_words
from home.skipping import skipping
from home.text import clean_data

__all__ = ["ResilientStreamBlock", "ResilientStreamValue"]

logger = logging.getLogger("home.blocks.stream")

TEXT_BLOCKS = (
    blocks.CharBlock,
    blocks.ChoiceBlock,
    blocks.RegexBlock,
    blocks.RichTextBlock,
    blocks.TextBlock,
    blocks.URLBlock,
)


def skipping_block(block_type, level=logging.WARNING):
    return skipping(f"A {block_type} block", level, logger)


def check_text(block, value):
    """Raise TypeError where a text, or one in a struct, is no text: Wagtail would show any value as one."""
    if isinstance(value, blocks.StructValue):
        for name, child in block.child_blocks.items():
            check_text(child, value.get(name))
    elif isinstance(block, TEXT_BLOCKS):
        text = value.source if isinstance(value, RichText) else value
        if not isinstance(text, str | None):
            raise TypeError(f"A {block.name} is no text")


class ResilientChild(blocks.StreamValue.StreamChild):
    """A block that shows nothing where it cannot be shown."""

    def render(self, context=None):
        with skipping_block(self.block_type):
            html = super().render(context)
            html.encode()  # Half a character would break the whole answer later.
            return html
        return ""

    render_as_block = render

    def __str__(self):
        return self.render()


class BrokenChild(ResilientChild):
    """A block whose stored value cannot be read: nothing to a visitor, an empty block to an editor."""

    def __init__(self, block, raw_item):
        super().__init__(block, block.get_default(), id=raw_item.get("id"))
        self.raw_item = raw_item

    def render(self, context=None):
        return ""

    render_as_block = render

    def get_prep_value(self):
        """The item as it was stored, so that saving a page loses nothing."""
        return self.raw_item


class ResilientStreamValue(blocks.StreamValue):
    """The blocks of a stream, each of them a ResilientChild."""

    def _construct_stream_child(self, item):
        if isinstance(item, ResilientChild):
            return item
        child = super()._construct_stream_child(item)
        return ResilientChild(child.block, child.value, id=child.id)

    def _prefetch_blocks(self, type_name):
        """Read all blocks of a type at once; if that fails, one by one."""
        block = self.stream_block.child_blocks[type_name]
        indexes = [
            i
            for i, item in enumerate(self._raw_data)
            if self._bound_blocks[i] is None and item["type"] == type_name
        ]
        items = [self._raw_data[i] for i in indexes]
        children = None
        with skipping_block(type_name, logging.DEBUG):
            children = self._read(block, items)
        if children is None:
            children = []
            for item in items:
                child = BrokenChild(block, item)
                with skipping_block(type_name):
                    [child] = self._read(block, [item])
                children.append(child)
        for i, child in zip(indexes, children, strict=True):
            self._bound_blocks[i] = child

    def _read(self, block, items):
        raw_values = [item["value"] for item in items]
        if isinstance(block, blocks.StructBlock) and not all(isinstance(raw, dict) for raw in raw_values):
            raise TypeError("A struct is stored as an object")
        values = block.bulk_to_python(raw_values)
        for value in values:
            check_text(block, value)
        return [
            ResilientChild(block, value, id=item.get("id")) for item, value in zip(items, values, strict=True)
        ]


class ResilientStreamBlock(blocks.StreamBlock):
    """
    The StreamBlock of a field, for which no stored value is too broken to read, show, edit, index or save.

    A block that cannot be read is kept as it is; what is no block of ours is dropped, as Wagtail does.
    """

    def empty_value(self, raw_text=None):
        return ResilientStreamValue(self, [], raw_text=raw_text)

    def to_python(self, value):
        if isinstance(value, blocks.StreamValue):
            return value
        if isinstance(value, str) and value:
            try:
                value = json.loads(value)
            except ValueError:
                return self.empty_value(raw_text=value)
        if not value:
            return self.empty_value()
        items = list(value) if isinstance(value, list | tuple) else [value]
        # JSON has no tuples: these are native values, written in code.
        if all(isinstance(item, tuple) for item in items):
            known = [item for item in items if item[0] in self.child_blocks]
            return ResilientStreamValue(self, known)
        readable = [item for item in items if self._is_block(item)]
        if len(readable) < len(items):
            logger.warning("%d items that are no blocks were skipped", len(items) - len(readable))
        return ResilientStreamValue(self, readable, is_lazy=True)

    def _is_block(self, item):
        if not isinstance(item, dict):
            return False
        block_type = item.get("type")
        return isinstance(block_type, str) and block_type in self.child_blocks

    def get_prep_value(self, value):
        # Every way into the database and into revisions leads through here.
        return clean_data(super().get_prep_value(value))

    def value_from_datadict(self, data, files, prefix):
        return ResilientStreamValue(self, list(super().value_from_datadict(data, files, prefix)))

    def clean(self, value):
        try:
            return ResilientStreamValue(self, list(super().clean(value)))
        except blocks.StreamBlockValidationError as error:
            # Messages, imports and lists show this where they cannot show the blocks.
            put_in_words(error, self, [child.block for child in value])
            raise

    def render_basic(self, value, context=None):
        return format_html_join("\n", "{}", ([child.render(context)] for child in value))

    # The stock methods take any iterable of children: here, one child at a time.

    def get_searchable_content(self, value):
        content = []
        for child in value:
            with skipping_block(child.block_type):
                content += super().get_searchable_content([child])
        return content

    def extract_references(self, value):
        references = []
        for child in value:
            with skipping_block(child.block_type):
                references += super().extract_references([child])
        return references

    def get_form_state(self, value):
        states = []
        for child in value or []:
            state = {
                "type": child.block_type,
                "value": child.block.get_form_state(child.block.get_default()),
                "id": child.id,
            }
            with skipping_block(child.block_type):
                [state] = super().get_form_state([child])
            states.append(state)
        return states
