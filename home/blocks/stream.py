"""A StreamBlock that skips broken blocks, so that the rest of the page is still shown."""

import json
import logging

from django.utils.html import format_html_join
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.rich_text import RichText

from home.blocks.stream_internals import HookedStreamValue
from home.skipping import skipping
from home.text import clean_data

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


class ChoiceBlock(blocks.ChoiceBlock):
    """A choice that comparisons of versions call by its label, as the form does."""

    def render_basic(self, value, context=None):
        return str(dict(self.field.choices).get(value, value)) if value else ""

    def get_searchable_content(self, value):
        """Labels are words of the form, in the language of whoever saved it. Readers don't see them."""
        return []


def check_text(block, value):
    """Raise TypeError if a text block holds another type of value, which Wagtail would show as it is."""
    if isinstance(value, blocks.StructValue):
        for name, child in block.child_blocks.items():
            check_text(child, value.get(name))
    elif isinstance(block, TEXT_BLOCKS):
        text = value.source if isinstance(value, RichText) else value
        if not isinstance(text, str | None):
            raise TypeError(f"The value of {block.name} is not text.")


class ResilientChild(blocks.StreamValue.StreamChild):
    """A block that is shown as nothing if rendering it fails."""

    def render(self, context=None):
        with skipping_block(self.block_type):
            html = super().render(context)
            html.encode()  # A lone surrogate would break the whole response later.
            return html
        return ""

    render_as_block = render

    def __str__(self):
        return self.render()


class BrokenChild(ResilientChild):
    """A block whose stored value cannot be read. Visitors see nothing, editors an empty block."""

    def __init__(self, block, raw_item):
        super().__init__(block, block.get_default(), id=raw_item.get("id"))
        self.raw_item = raw_item

    def render(self, context=None):
        return ""

    render_as_block = render

    def get_prep_value(self):
        """Return the item as it was stored, so that saving the page loses nothing."""
        return self.raw_item


class ResilientStreamValue(HookedStreamValue):
    """A stream value in which each child is a ResilientChild."""

    def wrap_child(self, child):
        if isinstance(child, ResilientChild):
            return child
        return ResilientChild(child.block, child.value, id=child.id)

    def read_children(self, block, items):
        """Read all items of a type together; if that fails, one at a time."""
        with skipping_block(block.name, logging.DEBUG):
            return self._read(block, items)
        children = []
        for item in items:
            child = BrokenChild(block, item)
            with skipping_block(block.name):
                [child] = self._read(block, [item])
            children.append(child)
        return children

    def _read(self, block, items):
        raw_values = [item["value"] for item in items]
        if isinstance(block, blocks.StructBlock) and not all(isinstance(raw, dict) for raw in raw_values):
            raise TypeError("The stored value of a struct must be an object.")
        values = block.bulk_to_python(raw_values)
        for value in values:
            check_text(block, value)
        return [
            ResilientChild(block, value, id=item.get("id")) for item, value in zip(items, values, strict=True)
        ]


class ResilientStreamBlock(blocks.StreamBlock):
    """
    A StreamBlock that can read, show, edit, index and save any stored value.

    Blocks that cannot be read are stored again unchanged. Items of an unknown type are dropped.
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
        # Tuples are native values, since JSON has none.
        if all(isinstance(item, tuple) for item in items):
            known = [item for item in items if item[0] in self.child_blocks]
            return ResilientStreamValue(self, known)
        readable = [item for item in items if self._is_block(item)]
        if len(readable) < len(items):
            logger.warning("%d items that are not blocks were skipped", len(items) - len(readable))
        return ResilientStreamValue(self, readable, is_lazy=True)

    def _is_block(self, item):
        if not isinstance(item, dict):
            return False
        block_type = item.get("type")
        return isinstance(block_type, str) and block_type in self.child_blocks

    def get_prep_value(self, value):
        # Called for everything that is saved to the database or to a revision.
        return clean_data(super().get_prep_value(value))

    def value_from_datadict(self, data, files, prefix):
        return ResilientStreamValue(self, list(super().value_from_datadict(data, files, prefix)))

    def clean(self, value):
        try:
            return ResilientStreamValue(self, list(super().clean(value)))
        except blocks.StreamBlockValidationError as error:
            # For messages, imports and lists, which show the error without the blocks.
            add_messages(error, self, [child.block for child in value])
            raise

    def render_basic(self, value, context=None):
        return format_html_join("\n", "{}", ([child.render(context)] for child in value))

    # Wagtail's methods take any iterable of children. Call them for one child at a time.

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


def add_messages(error, block, children=None):
    """
    Set the message of a block's ValidationError and of each error in it. Messages name the blocks and fields
    that are wrong: "Quote, Words: This field is required."

    :param children: the blocks inside, by index, if `block` is a stream.
    :returns: pairs of the names on the way to each error and its message.
    """
    if not hasattr(error, "non_block_errors"):
        return [((), words) for words in error.messages]
    found = [((), words) for each in error.non_block_errors.as_data() for words in each.messages]
    for child, child_error in errors_inside(error, block, children):
        name = capfirst(str(child.label or child.name or ""))
        found += [
            ((name, *names) if name else names, words) for names, words in add_messages(child_error, child)
        ]
    error.message = " ".join(": ".join(filter(None, (", ".join(names), words))) for names, words in found)
    return found


def errors_inside(error, block, children):
    """Yield pairs of a block inside of this one and its error."""
    for key, child_error in (getattr(error, "block_errors", None) or {}).items():
        if children is None and hasattr(block, "child_block"):
            yield block.child_block, child_error
        else:
            yield (block.child_blocks if children is None else children)[key], child_error
    for row in (getattr(error, "cell_errors", None) or {}).values():
        for child_error in row.values():
            # The error doesn't tell the column. Our tables have columns of only one type.
            yield next(iter(block.child_blocks.values())), child_error
