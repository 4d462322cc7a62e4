"""The jobs that read uploaded files, and the limits of each. Nothing here or below imports Django."""

from dataclasses import dataclass

__all__ = ["JOBS", "Job"]

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Job:
    """
    A function that reads a file, and how much it may take.

    The function gets an open file of bytes and the options of the caller. It returns something that JSON can
    hold, or a pair of that and bytes.

    :param function: "module:name". The module must be importable without Django.
    :param seconds: of processor time and of wall clock.
    :param memory: address space in bytes.
    :param largest: bytes that it may write to one file, its answer included.
    """

    function: str
    seconds: int
    memory: int = 512 * MEGABYTE
    largest: int = 64 * MEGABYTE


JOBS = {
    # Ends by itself after LONGEST_READING with what it has read until then.
    "text": Job("home.files.texts:read_pages", seconds=75),
    # Somebody waits for these.
    "archive": Job("home.files.archives:contents", seconds=5),
    "document": Job("home.files.metadata:stored_document", seconds=12),
    "picture": Job("home.files.metadata:stored_picture", seconds=15, memory=1536 * MEGABYTE),
    "table": Job("home.files.workbooks:read_workbook", seconds=30),
}
