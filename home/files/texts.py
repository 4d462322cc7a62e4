"""The text of an uploaded file."""

from home.files.child import JobFailed, run_job
from home.files.errors import UnreadableFile
from home.files.extraction import readable_kind


def text_of(file, extension):
    """Run `extraction.read_pages` in a child process. Raises UnreadableFile or UnsupportedFile."""
    readable_kind(extension)
    try:
        pages = run_job("text", file, extension=extension).answer
    except JobFailed as error:
        raise UnreadableFile(f"The file is damaged, or too large to read: {error}") from error
    if not isinstance(pages, list) or not all(isinstance(page, str) for page in pages):
        raise UnreadableFile("The answer is not a list of strings.")
    return pages
