"""Reads docs/permissions.md, and writes anew what is recorded in it. Headings, order and reasons are kept."""

import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from tests.support.permissions.world import PEOPLE

FILE = Path(__file__).parents[3] / "docs" / "permissions.md"
HEAD = ["| Address | Whose | GET | POST | |", "|---|---|---|---|---|"]
ROW = re.compile(
    r"\| `(?P<address>[^`]*)` \| (?P<of>.*?) ?\| `(?P<get>\S+)` \| `(?P<post>\S+)` \| (?P<why>.*?) ?\|"
)
UNSORTED = "## To be sorted"


@dataclass
class Row:
    """Who may open an address.

    :param of: whose thing it is about; empty where that does not matter.
    :param get: the letters of those who may look.
    :param post: the letters of those who may send.
    :param why: a reason, where somebody may whom one would not expect.
    """

    address: str
    of: str
    get: str
    post: str
    why: str = ""

    @property
    def key(self):
        return self.address, self.of

    def __str__(self):
        return f"| `{self.address}` | {self.of} | `{dotted(self.get)}` | `{dotted(self.post)}` | {self.why} |"


def dotted(letters):
    """A dot in the place of everybody who may not, so that columns can be compared at a glance."""
    return "".join(letter if letter in letters else "·" for letter in PEOPLE)


def read(text):
    """The lines of the document, those of its tables as rows."""
    return [row_of(line) or line for line in text.splitlines()]


def row_of(line):
    found = ROW.fullmatch(line)
    if not found:
        return None
    cells = found.groupdict()
    return Row(**cells | {name: cells[name].replace("·", "") for name in ("get", "post")})


def rows(lines):
    return [line for line in lines if isinstance(line, Row)]


def record(lines, found):
    """
    The lines with what was found: who may, new addresses beside those most like them, and none that is gone.

    :param found: pairs of letters, by address and whose.
    """
    reasons = {row.address: row.why for row in rows(lines)}
    kept = [line for line in lines if not isinstance(line, Row) or line.key in found]
    for row in rows(kept):
        row.get, row.post = found[row.key]
    known = {row.key for row in rows(kept)}
    for (address, of), who in found.items():
        if (address, of) not in known:
            insert(kept, Row(address, of, *who, reasons.get(address, "")))
    return kept


def insert(lines, row):
    """Put a new row after the one whose address begins most like its own."""
    likeness = [common(line.address, row.address) if isinstance(line, Row) else 0 for line in lines]
    most = max(likeness)
    if "/" in row.address[:most]:
        lines.insert(len(likeness) - likeness[::-1].index(most), row)
        return
    if UNSORTED not in lines:
        lines += ["", UNSORTED, "", *HEAD]
    lines.append(row)


def common(one, other):
    """How many characters two texts begin with alike."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


def write(lines):
    return "\n".join(map(str, lines)) + "\n"
