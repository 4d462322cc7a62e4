"""Makes the body of a page from a data file, with the same checks as the editor's form."""

import re
from dataclasses import dataclass, field

from wagtail import blocks
from wagtail.blocks import StreamBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from home.blocks import BodyBlock
from leadwatch.starter_content.reading import DataError, mapping, refuse_wrong_keys

BODY = BodyBlock()
# In a text, [key] cites one of the page's own sources. href="source:key" links to any source, and
# href="page:timeline" to a page below the home page.
CITATION = re.compile(r"\[([a-z][a-z0-9-]*)\]")
LINK = re.compile(r'href="(page|source):([^"]*)"')


@dataclass
class References:
    """The objects that the text of a page may refer to, by their keys."""

    sources: dict
    pages: dict = field(default_factory=dict)
    figures: dict = field(default_factory=dict)

    def find(self, kind, key, where):
        try:
            return getattr(self, kind)[key]
        except KeyError:
            raise DataError(f"{where}: {key!r} is not among the {kind}.") from None


def make_body(items, where, references, cited=()):
    """
    Return the value of a page's body. Raise DataError if the editor's form would refuse a block.

    :param items: mappings with one key each, the name of a block.
    :param where: the name of the page in messages.
    :param cited: the keys of the page's sources, in order, which its texts may cite.
    """
    writer = Writer(references, list(cited))
    stored = [writer.block(item, f"{where}, block {number}") for number, item in enumerate(items, start=1)]
    try:
        return BODY.clean(BODY.to_python(stored))
    except StreamBlockValidationError as error:
        raise DataError(f"{where}: {error.as_json_data()}") from error


class Writer:
    """Turns the blocks of a data file into the values that a StreamField stores."""

    def __init__(self, references, cited):
        self.references = references
        self.cited = cited

    def block(self, item, where):
        if len(mapping(item, where)) != 1:
            raise DataError(f"{where}: one block is expected, by its name.")
        [(name, value)] = item.items()
        refuse_wrong_keys(item, BODY.child_blocks, (), where)
        return {"type": name, "value": self.value(BODY.child_blocks[name], value, f"{where}, {name}")}

    def value(self, block, value, where):
        if isinstance(block, blocks.StructBlock):
            return self.struct(block, value, where)
        if isinstance(block, blocks.ListBlock):
            return [self.value(block.child_block, each, where) for each in value]
        if isinstance(block, blocks.PageChooserBlock):
            return self.references.find("pages", value, where).pk
        if isinstance(block, SnippetChooserBlock):
            return self.references.find("figures", value, where).pk
        if not isinstance(value, str):
            raise DataError(f"{where}: {value!r} is not a text. Put it in quotes.")
        return self.rich_text(value, where) if isinstance(block, blocks.RichTextBlock) else value

    def struct(self, block, value, where):
        value = dict(mapping(value, where))
        # A quote or a number names its source by key.
        if "source" in value and "source_title" in block.child_blocks:
            source = self.references.find("sources", value.pop("source"), where)
            value |= {"source_title": f"{source.title}, {source.publisher}", "source_url": source.url}
        refuse_wrong_keys(value, block.child_blocks, (), where)
        return {
            name: self.value(block.child_blocks[name], each, f"{where}, {name}")
            for name, each in value.items()
        }

    def rich_text(self, html, where):
        def link(match):
            kind, key = match.groups()
            found = self.references.find(f"{kind}s", key, where)
            return f'href="{found.url}"' if kind == "source" else f'linktype="page" id="{found.pk}"'

        def citation(match):
            if match[1] not in self.cited:
                raise DataError(f"{where}: {match[1]!r} is cited, but is not a source of this page.")
            number = self.cited.index(match[1]) + 1
            return f'<a href="#source-{number}">[{number}]</a>'

        return CITATION.sub(citation, LINK.sub(link, html))
