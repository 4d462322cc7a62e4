"""The jobs that read uploaded files, with their limits. Neither this module nor the jobs import Django."""

from collections.abc import Callable
from dataclasses import dataclass

from home.files import extraction, images, kinds, readers, workbooks
from home.files.contents import pages, scans, web_pages

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Job:
    """
    A function that reads a file, and its limits.

    The function takes an open binary file and the caller's options. It returns a value that JSON can hold, or
    a pair of such a value and bytes.
    """

    function: Callable
    seconds: int  # Of CPU time and of wall-clock time.
    memory: int = 512 * MEGABYTE  # Address space, in bytes.
    largest: int = 64 * MEGABYTE  # Bytes written to one file, such as the answer.


JOBS = {
    # Stops by itself after `extraction.TIME_LIMIT` and returns what it has read by then.
    "text": Job(extraction.read_pages, seconds=75),
    # Returns what it has read after `scans.TIME_LIMIT`. The limits are also those of tesseract.
    "scan": Job(scans.read_scan, seconds=90, memory=1536 * MEGABYTE),
    "pages": Job(pages.count_pages, seconds=20),
    "page": Job(pages.draw_page, seconds=20),
    # An editor is waiting for these.
    "check": Job(kinds.check_contents, seconds=12),
    "document": Job(kinds.stored_document, seconds=12),
    "image": Job(images.stored_image, seconds=15, memory=1536 * MEGABYTE),
    "wacz": Job(kinds.read_wacz, seconds=20),
    "web-page": Job(web_pages.read_web_page, seconds=20),
    "stylesheet": Job(web_pages.read_stylesheet, seconds=10),
    "table": Job(workbooks.read_workbook, seconds=30),
    "word": Job(readers.docx_html, seconds=30),
}
