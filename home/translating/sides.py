"""The words of an original beside the fields and blocks of its translation, with what has changed since."""

import json
from dataclasses import dataclass
from difflib import SequenceMatcher
from types import SimpleNamespace

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.safestring import mark_safe
from wagtail.admin.compare import StreamFieldComparison, get_comparison_class_for_block
from wagtail.admin.panels import ObjectList
from wagtail.blocks import RichTextBlock
from wagtail.models import Page

from home.translating.originals import words_of


@dataclass
class Side:
    """
    The words of a field, of the rows of a page, or of a block.

    :param place: the name of the field or rows, or the id of the block in the translation.
    :param comparison: what has changed, for home/admin/changed_field.html.
    :param missing: of a block that the translation lacks, its state as JSON, for the editor's script.
    :param after: the place of the block before it.
    """

    place: str
    comparison: object
    is_changed: bool = False
    missing: str = ""
    after: str = ""


def sides_of(row, original, translation, request):
    """Yield the Sides of a translation's form, in its order."""
    before = row.follows.as_object() if row.follows else original
    kind = type(original)
    is_page = isinstance(original, Page)
    panels = [*kind.content_panels, *kind.review_panels] if is_page else kind.panels
    bound = (
        ObjectList(panels).bind_to_model(kind).get_bound_panel(instance=original, request=request, form=None)
    )
    translated = words_of(original)
    for make in bound.get_comparison():
        comparison = make(before, original)
        field = comparison.field
        name = field.related_name if comparison.is_child_relation else field.name
        if isinstance(comparison, StreamFieldComparison):
            yield from blocks_of(*(getattr(each, name) for each in (before, original, translation)))
        elif name in translated and (translated[name] or comparison.has_changed()):
            yield Side(name, comparison, comparison.has_changed())


def blocks_of(before, now, translation):
    """Yield the Sides of blocks. Those that the original lacks by now come last."""
    olds = {block.id: block for block in before}
    places = places_in(translation, now)
    after = ""
    for block in now:
        old = olds.pop(block.id, None)
        comparison = compared(old, block)
        side = Side(
            places.get(block.id, ""), comparison, old is None or comparison.has_changed(), after=after
        )
        if not side.place:
            side.missing = json.dumps(state_of(block), cls=DjangoJSONEncoder)
            side.place = block.id
        yield side
        after = side.place
    here = {block.id for block in translation}
    for block in olds.values():
        if block.id in here:
            yield Side(block.id, compared(block, None), is_changed=True)


def places_in(translation, original):
    """Return the ids of a translation's blocks by those of the original's, which copies keep."""
    ids = {block.id for block in translation}
    if found := {block.id: block.id for block in original if block.id in ids}:
        return found
    # It was not made by copying. Pair blocks of the same type, in order.
    pair = SequenceMatcher(
        None, *([block.block_type for block in blocks] for blocks in (original, translation))
    )
    return {
        original[one + step].id: translation[other + step].id
        for one, other, length in pair.get_matching_blocks()
        for step in range(length)
    }


def compared(old, new):
    """Return a comparison of a block, or of nothing, with another."""
    block = (new or old).block
    comparison = get_comparison_class_for_block(block)(
        block, bool(old), bool(new), old and old.value, new and new.value
    )
    if old and new and comparison.has_changed():
        html = comparison.htmldiff()
    elif isinstance(block, RichTextBlock):
        # With its paragraphs and lists.
        html = mark_safe((new or old).value.source)
    else:
        html = comparison.htmlvalue((new or old).value)
    return SimpleNamespace(
        is_field=True, htmldiff=html, has_changed=comparison.has_changed, is_gone=new is None
    )


def state_of(block):
    return {"type": block.block_type, "value": block.block.get_form_state(block.value), "id": block.id}
