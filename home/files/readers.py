"""Read the text of files, one kind at a time. Nothing here imports Django; it runs in the child process."""

import io
import logging
import re
from itertools import islice

from home.files.archives import MAX_UNPACKED, open_archive
from home.files.contents.office import elements, local_name
from home.files.encodings import decode

# Only the first pages of a PDF are read.
MAX_PAGES = 2_000
# Rows of a sheet, as in Excel. openpyxl would make as many empty rows as a false row number says.
MAX_ROWS = 2**20

HYPHEN_AT_LINE_END = re.compile(r"(?<=[^\W\d_])[-\u2010\xad][^\S\n]*\n[^\S\n]*([^\W\d_])")
# Runs of a paragraph: also those in links, form fields and tracked insertions, but no deletions.
RUNS = "w:r | w:hyperlink//w:r | w:ins//w:r | w:moveTo//w:r | w:sdt/w:sdtContent//w:r | w:smartTag//w:r"
# A text box is stored twice, the second time as a fallback for old programs.
PARAGRAPHS = ".//w:p[not(ancestor::*[local-name() = 'Fallback'])]"

# Charts, diagrams and formulas, which mammoth ignores.
DRAWINGS = {"chart", "relIds", "oMath"}
# In mammoth's words. It knows the names of headings.
WORD_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"

# pypdf warns about every irregularity of a file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# Each function imports its library when it is called, so that the child process starts fast.


def pdf_pages(file):
    """Yield the text of each page. An unreadable page counts as empty, unless no page has text."""
    from pypdf import PdfReader

    problem, found = None, False
    # pypdf itself tries an empty password, which opens files that are only locked for changes.
    for page in islice(PdfReader(file).pages, MAX_PAGES):
        try:
            text = without_hyphenation(page.extract_text())
        except Exception as error:
            problem, text = error, ""
        found = found or bool(text)
        yield text
    if problem and not found:
        raise problem


def without_hyphenation(text):
    """Join words that are divided at the end of a line."""
    return HYPHEN_AT_LINE_END.sub(lambda match: match[1] if match[1].islower() else match[0], text)


def docx_paragraphs(file):
    """Yield the text of each paragraph, including those in tables and text boxes."""
    import docx

    for paragraph in docx.Document(unpackable(file)).element.body.xpath(PARAGRAPHS):
        yield "".join(run.text for run in paragraph.xpath(RUNS))


def docx_html(file):
    """
    Job: return the body of a Word file as HTML, its title, and how many comments and drawings are left out.

    In the HTML, footnotes are a list at the end, and pictures have no content. The title is that in the
    file's properties.

    :param file: an open, seekable binary file.
    """
    import mammoth

    # mammoth would take the number of an open file for its path.
    content = io.BytesIO(unpackable(file).read())
    without_content = mammoth.images.img_element(lambda picture: {"src": ""})
    html = mammoth.convert_to_html(content, style_map=WORD_STYLES, convert_image=without_content).value
    archive = open_archive(content)
    return {
        "html": html,
        "title": "".join(element.text or "" for element in named(archive, "docProps/core.xml", {"title"})),
        "comments": len(list(named(archive, "word/comments.xml", {"comment"}))),
        "drawings": len(list(named(archive, "word/document.xml", DRAWINGS))),
    }


def named(archive, part, names):
    """Yield the elements of a part that have one of these names, whatever their namespace."""
    if part in archive.namelist():
        yield from (element for element in elements(archive, part) if local_name(element) in names)


def xlsx_rows(file):
    """Yield the cells of each row of all sheets, joined by spaces."""
    import openpyxl

    workbook = openpyxl.load_workbook(unpackable(file), read_only=True, data_only=True)
    for sheet in workbook.worksheets:
        # The dimensions that a file states can be false, and make rows of thousands of empty cells.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_row=MAX_ROWS, values_only=True):
            # openpyxl reads a date as a datetime at midnight.
            yield " ".join(str(value).removesuffix(" 00:00:00") for value in row if value is not None)


def plain_text(file):
    yield decode(file.read()).text


def unpackable(file):
    """Return the same file, if it is not too large to unpack."""
    open_archive(file, MAX_UNPACKED)
    file.seek(0)
    return file
