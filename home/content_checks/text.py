"""Problems in the blocks of a page's body."""

from collections import Counter
from typing import NamedTuple

from bs4 import BeautifulSoup
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from home.content_checks.links import LinkProblems
from home.content_checks.problem import Problem, image_problem


class Leaf(NamedTuple):
    """A value in the body that has no values inside, with its block and its path."""

    block: blocks.Block
    value: object
    path: str


def leaves(block, value, path):
    if isinstance(block, ImageBlock) or value is None:
        yield Leaf(block, value, path)
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from leaves(child, value.get(name), f"{path}.{name}")
    elif isinstance(block, blocks.ListBlock):
        for child in value.bound_blocks:
            yield from leaves(child.block, child.value, f"{path}.{child.id}")
    else:
        yield Leaf(block, value, path)


class TextProblems:
    """The problems of a page's blocks. All linked pages and files are looked up together."""

    def __init__(self, page, field="body"):
        self.page = page
        self.children = [(child, f"{field}.{child.id}") for child in getattr(page, field)]

    def __iter__(self):
        yield from self.headings()
        yield from self.sources()
        yield from self.images()
        yield from LinkProblems(self.page, self.children, self.leaves, self.rich_texts)

    @cached_property
    def leaves(self):
        return [leaf for child, path in self.children for leaf in leaves(child.block, child.value, path)]

    @cached_property
    def rich_texts(self):
        """Pairs of a parsed rich text and its path."""
        return [
            (BeautifulSoup(leaf.value.source, "html.parser"), leaf.path)
            for leaf in self.leaves
            if isinstance(leaf.block, blocks.RichTextBlock) and leaf.value
        ]

    @cached_property
    def paragraphs(self):
        """Pairs of the text of a paragraph or list item and its path."""
        return [
            (paragraph.get_text(), path)
            for tree, path in self.rich_texts
            for paragraph in tree.find_all(["p", "li"])
        ]

    def headings(self):
        """Yield headings that are empty, are subsections without a section, or have the same text."""
        names = {"heading": "text", "question": "question"}
        headings = [
            (child.value.get(name) or "", child.value.get("level"), f"{path}.{name}")
            for child, path in self.children
            if (name := names.get(child.block_type))
        ]
        seen, has_section = Counter(), False
        for words, level, path in headings:
            seen[words.strip().casefold()] += 1
            if not words.strip():
                yield Problem(_("A heading is empty. Write it, or delete it."), path)
            elif seen[words.strip().casefold()] == 2:
                message = _("Two headings are called “%(heading)s”. Change one, to tell them apart.")
                yield Problem(message % {"heading": words}, path)
            if level == "h3" and not has_section:
                message = _(
                    "“%(heading)s” is a subsection, but no section comes before it. Set its level to Section."
                )
                yield Problem(message % {"heading": words}, path.rpartition(".")[0] + ".level")
            has_section = has_section or level == "h2"

    def sources(self):
        """Yield quotes, numbers and tables without a source."""
        words = {
            "quote": _("This quote does not say where it is from. Fill in its source."),
            "number": _("This number does not say where it is from. Fill in its source."),
            "table": _("This table does not say where it is from. Fill in its source."),
        }
        for child, path in self.children:
            if child.block_type in words and not child.value.source:
                yield Problem(words[child.block_type], f"{path}.source_title")

    def images(self):
        for leaf in self.leaves:
            if isinstance(leaf.block, ImageBlock) and (image := leaf.value):
                is_described = image.contextual_alt_text or image.decorative
                yield from image_problem(image, is_described, f"{leaf.path}.alt_text")
