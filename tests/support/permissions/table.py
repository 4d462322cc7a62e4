"""Read and update the tables in docs/permissions.md. Headings, order and reasons are kept."""

import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from tests.support.permissions.world import PEOPLE

FILE = Path(__file__).parents[3] / "docs" / "permissions.md"
HEAD = ["| Address | Whose | GET | POST | |", "|---|---|---|---|---|"]
ROW = re.compile(
    r"\| `(?P<path>[^`]*)` \| (?P<owner>.*?) ?\| `(?P<get>\S+)` \| `(?P<post>\S+)` \| (?P<reason>.*?) ?\|"
)
UNSORTED = "## Unsorted"


@dataclass
class Row:
    """One row: who may open a URL.

    :param path: the URL pattern, relative to /admin/.
    :param owner: whose object the URL is about; empty if it doesn't matter.
    :param get: letters of the people with access by GET.
    :param post: letters of the people with access by POST.
    :param reason: explanation of a surprising permission.
    """

    path: str
    owner: str
    get: str
    post: str
    reason: str = ""

    @property
    def key(self):
        return self.path, self.owner

    def __str__(self):
        return (
            f"| `{self.path}` | {self.owner} | `{dotted(self.get)}` | `{dotted(self.post)}` | {self.reason} |"
        )


def section(heading):
    """Return the lines of a section of the document."""
    return FILE.read_text().partition(f"\n{heading}\n")[2].partition("\n## ")[0].splitlines()


def dotted(letters):
    """Put a dot in place of each person without access, so that columns line up."""
    return "".join(letter if letter in letters else "·" for letter in PEOPLE)


def read(text):
    """Split the document into lines, and parse table rows."""
    return [parse_row(line) or line for line in text.splitlines()]


def parse_row(line):
    match = ROW.fullmatch(line)
    if not match:
        return None
    cells = match.groupdict()
    return Row(**cells | {name: cells[name].replace("·", "") for name in ("get", "post")})


def rows(lines):
    return [line for line in lines if isinstance(line, Row)]


def update(lines, access):
    """
    Return the lines with new results: insert new URLs next to similar ones, and remove those that are gone.

    :param access: pairs of letters (GET, POST), by path and owner.
    """
    reasons = {row.path: row.reason for row in rows(lines)}
    kept = [line for line in lines if not isinstance(line, Row) or line.key in access]
    for row in rows(kept):
        row.get, row.post = access[row.key]
    known = {row.key for row in rows(kept)}
    for (path, owner), letters in access.items():
        if (path, owner) not in known:
            insert(kept, Row(path, owner, *letters, reasons.get(path, "")))
    return kept


def insert(lines, row):
    """Insert a row after the one that shares the longest prefix with it."""
    lengths = [common_prefix(line.path, row.path) if isinstance(line, Row) else 0 for line in lines]
    longest = max(lengths)
    if "/" in row.path[:longest]:
        lines.insert(len(lengths) - lengths[::-1].index(longest), row)
        return
    if UNSORTED not in lines:
        lines += ["", UNSORTED, "", *HEAD]
    lines.append(row)


def common_prefix(one, other):
    """Count the characters that two strings have in common at the start."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def write(lines):
    return "\n".join(map(str, lines)) + "\n"
