"""What in a page's text an editor should mend: found in the blocks, told in words, with the place."""

from collections import Counter
from dataclasses import dataclass

from bs4 import BeautifulSoup
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.images.blocks import ImageBlock

from home.blocks import LinkBlock
from home.blocks.page_links import NUMBER, public_pages
from home.content_checks import reading
from home.external_links.validation import leads_somewhere, leads_to_the_admin
from home.privacy import hidden_collections

__all__ = ["Problem", "TextProblems", "address_problem", "picture_problem", "reading_problem"]

# WCAG 2.2, 3.1.5: what asks for more than nine years of school needs something easier beside it.
HARDEST_GRADE = 9
LONGEST_SENTENCE = 40
SHOWN_WORDS = 12


@dataclass(frozen=True)
class Problem:
    """
    Something that an editor should mend.

    :param words: what is wrong and what to do.
    :param path: the field, and the blocks in it by their ids, joined by dots as Wagtail's comments do it.
    :param is_hint: whether the page may well be published as it is.
    """

    words: str
    path: str
    is_hint: bool = False


@dataclass(frozen=True)
class Leaf:
    """A value of the body that holds no other values, with its block and its place."""

    block: blocks.Block
    value: object
    path: str


def leaves(block, value, path):
    """The leaves of a block, in order."""
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
    """The problems of a page's blocks; what they link to is looked up once for all of them."""

    def __init__(self, page, field="body"):
        self.page = page
        self.children = [(child, f"{field}.{child.id}") for child in getattr(page, field)]

    def __iter__(self):
        yield from self.headings()
        yield from self.sources()
        yield from self.pictures()
        yield from self.links()

    @cached_property
    def leaves(self):
        return [leaf for child, path in self.children for leaf in leaves(child.block, child.value, path)]

    @cached_property
    def rich_texts(self):
        """The pieces of rich text as trees, each with its place."""
        return [
            (BeautifulSoup(leaf.value.source, "html.parser"), leaf.path)
            for leaf in self.leaves
            if isinstance(leaf.block, blocks.RichTextBlock) and leaf.value
        ]

    @cached_property
    def paragraphs(self):
        """The running text, paragraph by paragraph, each with its place."""
        return [
            (paragraph.get_text(), path)
            for tree, path in self.rich_texts
            for paragraph in tree.find_all(["p", "li"])
        ]

    def headings(self):
        """Those that are empty, stand for a part of no section, or cannot be told from each other."""
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
                yield Problem(
                    _("Two headings are called “%(heading)s”. Change one, to tell them apart.")
                    % {"heading": words},
                    path,
                )
            if level == "h3" and not has_section:
                yield Problem(
                    _(
                        "“%(heading)s” is a part of a section, but no section comes before it. "
                        "Let it begin a section."
                    )
                    % {"heading": words},
                    path.rpartition(".")[0] + ".level",
                )
            has_section = has_section or level == "h2"

    def sources(self):
        """Quotes, numbers and tables that do not say where they are from."""
        words = {
            "quote": _("This quote does not say where it is from. Fill in its source."),
            "number": _("This number does not say where it is from. Fill in its source."),
            "table": _("This table does not say where it is from. Fill in its source."),
        }
        for child, path in self.children:
            if child.block_type in words and not child.value.source:
                yield Problem(words[child.block_type], f"{path}.source_title")

    def pictures(self):
        """Those without a description."""
        for leaf in self.leaves:
            if isinstance(leaf.block, ImageBlock) and leaf.value:
                yield from picture_problem(
                    leaf.value,
                    leaf.value.contextual_alt_text or leaf.value.decorative,
                    f"{leaf.path}.alt_text",
                )

    def links(self):
        """Links that lead a visitor nowhere."""
        for tree, path in self.rich_texts:
            for link in tree.find_all("a"):
                yield from self._rich_text_link(link, path)
        for leaf in self.leaves:
            if isinstance(leaf.block, blocks.PageChooserBlock) and leaf.value:
                if not self._is_open(leaf.value.pk):
                    yield Problem(
                        _(
                            "Visitors cannot open “%(title)s”, which is chosen here: it is not published, or "
                            "private. Choose another page, or publish it first."
                        )
                        % {"title": leaf.value.get_admin_display_title()},
                        leaf.path,
                    )
            elif isinstance(leaf.block, LinkBlock) and leaf.value:
                yield from address_problem(leaf.value, leaf.path)
        yield from self._empty_links()

    def _empty_links(self):
        for child, path in self.children:
            value = child.value
            if child.block_type == "button" and not (value.get("page") or value.get("url")):
                yield Problem(_("This button leads nowhere. Choose a page, or give an address."), path)
            elif child.block_type == "document" and not (value.get("page") or value.get("file")):
                yield Problem(_("This link to a document leads nowhere. Choose a record or a file."), path)
            elif child.block_type == "related_pages" and not all(value.get("pages") or [None]):
                yield Problem(
                    _("A page in this list is missing or was deleted. Choose another, or take it out."), path
                )

    def _rich_text_link(self, link, path):
        words = {"words": link.get_text()}
        if link.get("linktype") == "page":
            if not self._is_open(link.get("id", "")):
                yield Problem(
                    _(
                        "Visitors cannot open the page to which “%(words)s” leads: it is not published, "
                        "private, or deleted. Choose another page, or publish it first."
                    )
                    % words,
                    path,
                )
        elif link.get("linktype") == "document":
            if link.get("id") not in self._open_files:
                yield Problem(
                    _(
                        "Visitors cannot open the file to which “%(words)s” leads: it is private or deleted. "
                        "Choose another."
                    )
                    % words,
                    path,
                )
        else:
            yield from address_problem(link.get("href"), path, link.get_text())

    def _is_open(self, page_id):
        return self._open_pages.get(str(page_id)) or str(page_id) == str(self.page.pk)

    @cached_property
    def _open_pages(self):
        return public_pages(
            {link.get("id", "") for link in self._page_links("page")}
            | {
                str(leaf.value.pk)
                for leaf in self.leaves
                if isinstance(leaf.block, blocks.PageChooserBlock) and leaf.value
            }
        )

    @cached_property
    def _open_files(self):
        ids = {link.get("id", "") for link in self._page_links("document")}
        files = get_document_model().objects.filter(pk__in=filter(NUMBER.fullmatch, ids))
        return {
            str(pk) for pk in files.exclude(collection__in=hidden_collections()).values_list("pk", flat=True)
        }

    def _page_links(self, kind):
        return [link for tree, _path in self.rich_texts for link in tree.find_all("a", linktype=kind)]


def picture_problem(image, is_described, path):
    """The problem of a picture that is not described, if it is not."""
    if image and not is_described:
        yield Problem(
            _(
                "The picture “%(title)s” has no description for people who do not see it. Describe it in a "
                "sentence, or mark it as decorative."
            )
            % {"title": image.title},
            path,
        )


def address_problem(address, path, words=None):
    """The problem of an address that leads a visitor nowhere, if it does."""
    shown = words or address
    if leads_to_the_admin(address):
        yield Problem(
            _("“%(words)s” leads to where only editors may go. Link to the page itself.") % {"words": shown},
            path,
        )
    elif not leads_somewhere(address):
        yield Problem(
            _(
                "“%(words)s” leads nowhere: “%(address)s” is not a whole address. Copy it from the browser, "
                "beginning with https://."
            )
            % {"words": shown, "address": address or ""},
            path,
        )


def reading_problem(paragraphs):
    """
    A hint where a text is hard to read, if it is.

    :param paragraphs: pairs of a text and its place.
    """
    texts = [text for text, _path in paragraphs]
    grade = reading.grade(texts) or 0
    longest, path = max(
        ((sentence, path) for text, path in paragraphs for sentence in reading.sentences([text])),
        key=lambda found: len(reading.words(found[0])),
        default=("", ""),
    )
    count = len(reading.words(longest))
    parts = []
    if grade > HARDEST_GRADE:
        parts.append(
            _("To read this takes %(grade)s years of school. Aim for %(aim)s: short sentences, plain words.")
            % {"grade": grade, "aim": HARDEST_GRADE}
        )
    if parts or count > LONGEST_SENTENCE:
        parts.append(
            _("The longest sentence has %(count)s words; make two of it: “%(sentence)s…”")
            % {"count": count, "sentence": " ".join(longest.split()[:SHOWN_WORDS])}
        )
        yield Problem(" ".join(parts), path, is_hint=True)
