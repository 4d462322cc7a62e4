"""
Text from word processors, pasted or of a Word file: a script cleans it, and it is divided into blocks.

Links in rich text may not lead to the admin.
"""

import re
from itertools import groupby
from typing import Any, NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString, Script, Stylesheet
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.forms.choosers import ExternalLinkChooserForm
from wagtail.admin.staticfiles import versioned_static
from wagtail.permissions import page_permission_policy

from home.admin.files.titles import readable_title
from home.blocks import BodyBlock
from home.external_links.unwrapping import unwrap_url
from home.external_links.validation import validate_not_admin
from home.files.child import JobFailed, run_job
from home.files.kinds import OLD_OFFICE
from home.files.validation import LOCKED_OR_OLD

LARGEST_FILE = 20 * 1024 * 1024
TOO_LARGE = gettext_lazy("Choose a Word file of 20 MB at most.")
LONGEST_HTML = 2_000_000
LONGEST_TITLE = 255
LONGEST_HEADING = 150
MOST_CELLS = 2000
CAPTION = re.compile(r"(table|tabla) \d+\b.{,250}$", re.IGNORECASE)

HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
# Comments, declarations and the like. Word uses many.
UNSEEN = (PreformattedString, Script, Stylesheet)
TABLE, PICTURES = "table", ["img", "picture", "svg", "object"]
# Elements without a block of their own. What is in them counts as if it stood alone.
WRAPPERS = {"article", "blockquote", "body", "center", "div", "font", "header", "main", "section", "span"}


class Part(NamedTuple):
    """The name of a block, and a value for it as Wagtail stores it."""

    name: str
    value: Any


def parts_of(html: str) -> tuple[list[Part], list[str]]:
    """
    Divide HTML into headings, tables and text between them.

    :returns: the parts, and sentences about what could not be kept.
    """
    soup = BeautifulSoup(html, "html.parser")
    for unseen in soup.find_all(string=lambda node: isinstance(node, UNSEEN)):
        unseen.extract()
    pictures = soup.find_all(PICTURES)
    for picture in pictures:
        picture.decompose()
    name_tables(soup)
    levels = sorted({tag.name for tag in soup.find_all(HEADINGS) if fits(tag)})
    parts, lost = [], []
    if pictures:
        words = "One image is left out. Upload it, and add an image block."
        many = "%(count)s images are left out. Upload them, and add image blocks."
        lost.append(ngettext(words, many, len(pictures)) % {"count": len(pictures)})
    for kind, group in groupby(flat(soup), kind_of):
        nodes = list(group)
        if kind == "text":
            text = "".join(map(str, nodes)).strip()
            parts += [Part(kind, text)] if BeautifulSoup(text, "html.parser").get_text(strip=True) else []
        elif kind == "heading":
            # The first level of the document becomes the first of the page, which is below its title.
            parts += [Part(kind, {"text": words_of(node), "level": level_of(node, levels)}) for node in nodes]
        else:
            tables = [(node, cells_of(node)) for node in nodes]
            parts += [
                Part(kind, table_of(node, rows)) for node, rows in tables if 0 < size(rows) <= MOST_CELLS
            ]
            if any(size(rows) > MOST_CELLS for _node, rows in tables):
                lost.append(
                    _("A table is left out, since it has more than 2,000 cells. Upload it as a file.")
                )
    return parts, lost


def flat(parent):
    """Yield the elements of a document one after the other, without what only wraps them."""
    for node in parent.children:
        if isinstance(node, Tag) and node.name not in [*HEADINGS, TABLE] and wraps(node):
            yield from flat(node)
        elif str(node).strip():
            yield node


def name_tables(soup):
    """Make the line above or below a table, such as "Table 1. Grants", its caption."""
    for table in soup.find_all(TABLE):
        for line in (table.find_previous_sibling(), table.find_next_sibling()):
            if line and line.name == "p" and not table.caption and CAPTION.match(words_of(line)):
                line.name = "caption"
                table.append(line)


def wraps(node):
    return node.find([*HEADINGS, TABLE]) or (node.name in WRAPPERS and node.find(["p", "ul", "ol"]))


def kind_of(node):
    if isinstance(node, Tag) and node.name == TABLE:
        return "table"
    return "heading" if isinstance(node, Tag) and node.name in HEADINGS and fits(node) else "text"


def fits(heading):
    return 0 < len(words_of(heading)) <= LONGEST_HEADING


def level_of(heading, levels):
    return "h2" if heading.name == levels[0] else "h3"


def words_of(node):
    return " ".join(node.get_text(" ", strip=True).split())


def cells_of(table):
    """Return the rows of a table as lists of words, all of one length."""
    rows = [[words_of(cell) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows if any(row)]


def size(rows):
    return sum(map(len, rows))


def table_of(table, rows):
    """Return the value of a table block. The first row holds the headings of the columns."""
    caption = table.find("caption")
    headings, *rest = rows
    return {
        "table": {
            "columns": [{"type": "text", "heading": words} for words in headings],
            "rows": [{"values": row} for row in rest],
            "caption": words_of(caption) if caption else "",
        },
        "row_headings": False,
    }


@require_POST
def blocks_of_html(request: HttpRequest) -> JsonResponse:
    """Return blocks for the form of a page, made of `html`, and sentences about what could not be kept."""
    html = request.POST.get("html", "").replace("\0", "")
    parts, lost = parts_of(html[:LONGEST_HTML])
    if len(html) > LONGEST_HTML:
        lost.append(_("The text is too long for one page. Its end is left out."))
    children = BodyBlock().child_blocks
    blocks = []
    for name, value in parts:
        block = children[name]
        blocks.append({"type": name, "value": block.get_form_state(block.to_python(value))})
    return JsonResponse({"blocks": blocks, "lost": lost})


@require_POST
def html_of_file(request: HttpRequest) -> JsonResponse:
    """Return the HTML of a Word file with a title, and what could not be kept; or what is wrong with it."""
    if not page_permission_policy.user_has_any_permission(request.user, ["add", "change"]):
        raise PermissionDenied
    file = request.FILES.get("file")
    if not file or file.size > LARGEST_FILE:
        return JsonResponse({"error": TOO_LARGE}, status=400)
    if file.read(len(OLD_OFFICE)) == OLD_OFFICE:
        return JsonResponse({"error": LOCKED_OR_OLD % {"extension": "docx"}}, status=400)
    try:
        found = run_job("word", file).answer
    except JobFailed:
        error = _("This is no Word file that can be read. Save it as .docx in Word, and try again.")
        return JsonResponse({"error": error}, status=400)
    return JsonResponse(
        {"html": found["html"], "title": title_of(found, file.name), "lost": [*lost_in(found)]}
    )


def title_of(found, name):
    """Return the title in a Word file's properties, else its first heading, else one made of its name."""
    title = " ".join(found["title"].split())
    if readable_title(title):
        return title[:LONGEST_TITLE]
    headings = filter(fits, BeautifulSoup(found["html"], "html.parser").find_all(HEADINGS))
    return next(map(words_of, headings), readable_title(name)[:LONGEST_TITLE])


def lost_in(found):
    """Yield sentences about what is not in the HTML of a Word file."""
    if count := found["comments"]:
        yield ngettext("One comment is left out.", "%(count)s comments are left out.", count) % {
            "count": count
        }
    if count := found["drawings"]:
        yield ngettext(
            "One chart, diagram or formula is left out. Add an image of it.",
            "%(count)s charts, diagrams or formulas are left out. Add images of them.",
            count,
        ) % {"count": count}


@hooks.register("register_admin_urls")
def pasted_urls():
    return [
        path("pasted/blocks/", blocks_of_html, name="blocks_of_html"),
        path("pasted/word/", html_of_file, name="html_of_file"),
    ]


class PublicLinkForm(ExternalLinkChooserForm):
    def clean_url(self):
        address = unwrap_url(self.cleaned_data["url"])
        validate_not_admin(address)
        return address


@hooks.register("insert_editor_js")
def paste_script():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/paste.js"))
