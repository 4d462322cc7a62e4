"""Tables, and the report that each part of `make bench` writes its own section of."""

import os
import statistics

from tests.support.served import ROOT

REPORT = ROOT / "docs" / "benchmarks" / "site.md"
ROUNDS = int(os.environ.get("ROUNDS", "7"))


def keep(heading, text):
    """Print a section, and put it into the report, in the place of the one with this heading."""
    head, *sections = REPORT.read_text().rstrip("\n").split("\n\n## ")
    found = {section.partition("\n")[0]: section for section in sections}
    found[heading] = f"{heading}\n\n{text}"
    REPORT.write_text("\n\n## ".join([head, *found.values()]) + "\n")
    print(f"## {heading}\n\n{text}\n", flush=True)


def table(names, rows):
    """Return a Markdown table. All columns but the first are numeric."""
    marks = ["---", *("---:" for _name in names[1:])]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in (names, marks, *rows))


def measured(figures, limit, is_least=False):
    """Return cells with the median, the smallest and the largest of figures, and whether the limit is met."""
    middle = statistics.median(figures)
    shown = f"{number(middle)} ({number(min(figures))} to {number(max(figures))})"
    return [shown, *verdict(middle, limit, is_least)]


def verdict(figure, limit, is_least=False):
    if limit is None:
        return ["", ""]
    is_met = figure >= limit if is_least else figure <= limit
    return [f"{'≥' if is_least else '≤'} {limit}", "met" if is_met else "**missed**"]


def number(value):
    return f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"
