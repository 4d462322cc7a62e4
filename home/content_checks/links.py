"""Links in the blocks of a page's body that visitors can't follow."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.documents import get_document_model

from home.blocks import LinkBlock
from home.blocks.page_links import NUMBER, public_pages
from home.content_checks.problem import Problem, address_problem
from home.privacy import hidden_collections


class LinkProblems:
    """
    The problems of links and empty choosers.

    :param children: pairs of a block of the body and its path.
    :param leaves: the values in them that have no values inside.
    :param rich_texts: pairs of a parsed rich text and its path.
    """

    def __init__(self, page, children, leaves, rich_texts):
        self.page = page
        self.children = children
        self.rich_texts = rich_texts
        self.chosen_pages = [
            leaf for leaf in leaves if isinstance(leaf.block, blocks.PageChooserBlock) and leaf.value
        ]
        self.addresses = [leaf for leaf in leaves if isinstance(leaf.block, LinkBlock) and leaf.value]

    def __iter__(self):
        for tree, path in self.rich_texts:
            for link in tree.find_all("a"):
                yield from self._in_rich_text(link, path)
        for leaf in self.chosen_pages:
            if not self._is_public_page(leaf.value.pk):
                words = _(
                    "Visitors cannot open “%(title)s”, which is chosen here: it is not published, or "
                    "private. Choose another page, or publish it first."
                )
                yield Problem(words % {"title": leaf.value.get_admin_display_title()}, leaf.path)
        for leaf in self.addresses:
            yield from address_problem(leaf.value, leaf.path)
        yield from self._without_a_target()

    def _without_a_target(self):
        for child, path in self.children:
            value = child.value
            if child.block_type == "button" and not (value.get("page") or value.get("url")):
                yield Problem(_("This button leads nowhere. Choose a page, or enter an address."), path)
            elif child.block_type == "document" and not (value.get("page") or value.get("file")):
                yield Problem(_("This link to a document leads nowhere. Choose a document or a file."), path)
            elif child.block_type == "related_pages" and not all(value.get("pages") or [None]):
                words = _("A page in this list is missing or was deleted. Choose another, or remove it.")
                yield Problem(words, path)

    def _in_rich_text(self, link, path):
        text = link.get_text()
        if link.get("linktype") == "page":
            if not self._is_public_page(link.get("id", "")):
                words = _(
                    "Visitors cannot open the page that “%(words)s” links to: it is not published, "
                    "private, or deleted. Choose another page, or publish it first."
                )
                yield Problem(words % {"words": text}, path)
        elif link.get("linktype") == "document":
            if link.get("id") not in self._public_files:
                words = _(
                    "Visitors cannot open the file that “%(words)s” links to: it is private or deleted. "
                    "Choose another."
                )
                yield Problem(words % {"words": text}, path)
        else:
            yield from address_problem(link.get("href"), path, text)

    def _is_public_page(self, page_id):
        return self._public_pages.get(str(page_id)) or str(page_id) == str(self.page.pk)

    @cached_property
    def _public_pages(self):
        return public_pages(self._linked_ids("page") | {str(leaf.value.pk) for leaf in self.chosen_pages})

    @cached_property
    def _public_files(self):
        ids = filter(NUMBER.fullmatch, self._linked_ids("document"))
        files = get_document_model().objects.filter(pk__in=ids).exclude(collection__in=hidden_collections())
        return set(map(str, files.values_list("pk", flat=True)))

    def _linked_ids(self, kind):
        return {
            link.get("id", "")
            for tree, _path in self.rich_texts
            for link in tree.find_all("a", linktype=kind)
        }
