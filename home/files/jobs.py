"""The jobs that read uploaded files, with their limits. Neither this module nor the jobs import Django."""

from dataclasses import dataclass

__all__ = ["JOBS", "Job"]

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Job:
    """
    A function that reads a file, and its limits.

    The function takes an open binary file and the caller's options. It returns a value that JSON can hold, or
    a pair of such a value and bytes.

    :param function: "module:name". The module must not import Django.
    :param seconds: limit of CPU time and of wall-clock time.
    :param memory: limit of address space, in bytes.
    :param largest: limit of bytes written to one file, such as the answer.
    """

    function: str
    seconds: int
    memory: int = 512 * MEGABYTE
    largest: int = 64 * MEGABYTE


JOBS = {
    # Stops by itself after `texts.TIME_LIMIT` and returns what it has read by then.
    "text": Job("home.files.texts:read_pages", seconds=75),
    # An editor is waiting for these.
    "archive": Job("home.files.archives:contents", seconds=5),
    "document": Job("home.files.metadata:stored_document", seconds=12),
    "image": Job("home.files.images:stored_image", seconds=15, memory=1536 * MEGABYTE),
    "table": Job("home.files.workbooks:read_workbook", seconds=30),
}
