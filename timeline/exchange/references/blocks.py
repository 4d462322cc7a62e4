"""Walk the stored value of a page's body and replace what refers to other objects."""

from collections.abc import Callable
from typing import Any

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from home.blocks import BodyBlock, LinkBlock
from home.external_links.cleaning import link_for_visitors
from timeline.exchange.references.html import internal_links

BODY = BodyBlock(required=False)
CHOOSERS = {
    blocks.PageChooserBlock: "page",
    ImageChooserBlock: "image",
    DocumentChooserBlock: "document",
}


def transform(
    block: blocks.Block,
    value: Any,
    replace_reference: Callable[[str, Any], Any],
    replace_text: Callable[[str], Any],
) -> Any:
    """Return the stored value of a block with its references, by their kind, and its rich text replaced."""

    def child_value(child_block: blocks.Block, child: Any) -> Any:
        return transform(child_block, child, replace_reference, replace_text)

    if isinstance(block, blocks.BaseStreamBlock):
        return [
            child | {"value": child_value(block.child_blocks[child["type"]], child["value"])}
            for child in value or []
            if child.get("type") in block.child_blocks
        ]
    if isinstance(block, blocks.ListBlock):
        return [child | {"value": child_value(block.child_block, child["value"])} for child in value or []]
    if isinstance(block, blocks.BaseStructBlock):
        return {
            name: child_value(block.child_blocks[name], child)
            for name, child in (value or {}).items()
            if name in block.child_blocks
        }
    if isinstance(block, blocks.RichTextBlock):
        return replace_text(value or "")
    if isinstance(block, LinkBlock):
        return link_for_visitors(value)
    if isinstance(block, blocks.ChooserBlock):
        kind = next((kind for chooser, kind in CHOOSERS.items() if isinstance(block, chooser)), "figure")
        return replace_reference(kind, value) if value else None
    return value


def ids_in_body(body: list) -> list[tuple[str, Any]]:
    """Return the kind and id of every object that the stored value of a body refers to."""
    found: list[tuple[str, Any]] = []
    transform(
        BODY,
        body,
        lambda kind, pk: found.append((kind, pk)),
        lambda html: found.extend(internal_links(html)),
    )
    return found


def without_images(body: list, images: set[int]) -> list:
    """Return the stored value of a body without these images, their captions and descriptions."""

    def has_one(value: Any) -> bool:
        pk = value.get("image") if isinstance(value, dict) else value
        return isinstance(pk, int) and pk in images

    kept: list = []
    for child in body:
        value = child["value"] if isinstance(child.get("value"), dict) else {}
        if child.get("type") == "image" and has_one(value.get("image")):
            continue
        is_video = child.get("type") == "video" and has_one(value.get("still"))
        kept.append(child | {"value": value | {"still": None}} if is_video else child)
    return kept
