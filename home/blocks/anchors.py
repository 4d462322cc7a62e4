"""Headings that a link can lead to, each with an anchor that is unique on the page."""

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.stream import BrokenChild

LEVELS = [("h2", _("Section")), ("h3", _("Subsection"))]


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
