"""
The search with up to a hundred thousand pages, on SQLite and PostgreSQL, beside the one that Wagtail brings.

    python -m tests.bench.search

prints tables, and writes them to docs/benchmarks/search.md; it takes about half an hour.

    python -m tests.bench.search --sizes 100,1000

only prints them, and takes two.
"""

import argparse
import json
import logging
import os
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import django

from tests.support import postgres

ROOT = Path(__file__).parent.parent.parent
REPORT = ROOT / "docs" / "benchmarks" / "search.md"
SIZES = (100, 1000, 10_000, 100_000)
# What ours must show: milliseconds at most with so many pages, and queries.
MOST_TIME = {10_000: 50, 100_000: 150}
MOST_QUERIES = 8
# How often each question is asked, and seconds after which one is stopped.
RUNS, PATIENCE = 15, 30

# What is asked, by its name in search_runs.py.
OURS = {
    "search": "Search page: total, counts, first 20 with passages",
    "narrowed": "Search page, events of 2017 to 2019",
    "suggestions": "Suggestions",
    "admin_begun": "Admin, words that begin so: count, first 10",
    "admin_search": "Admin, whole words: count, first 10",
}
STOCK = {"begun": "Words that begin so: count, first 10", "search": "Whole words: count, first 10"}
# What stock can do of the same kind; it has no passages and no counts by kind and year.
BESIDE = {"search": "search", "suggestions": "begun", "admin_begun": "begun", "admin_search": "search"}

HEAD = """# The search with many pages

Written by `make bench`. An empty site is given as many events as the head of a column says, and 14 other
pages. The events are of 2010 to 2026, have categories, concerns and partners, and each about 130 words,
which are as frequent as those of a language. The word *lead* is in the text of every page and in the title
of every second event; *moratorium* is in three events. Each question is asked in one process, without HTTP
and templates, on an open connection, and once before it is measured. Times are the medians of {runs} runs,
and in parentheses the worst; what takes seconds has fewer runs, and what takes more than {patience} s is
stopped, and not tried with more pages. Growth is the time with the most pages divided by the time with the
number before. Queries are those of one run.

Stock is `modelsearch.backends.database`, as Wagtail brings it, with its own tables for the same pages.
Filling is the time that an index takes for each page; that of loading the page is not counted.

Python {python}, Django {django}, Wagtail {wagtail}, {cores} shared cores: compare the figures, and quote
none. Ours must take at most {times}, and {queries} queries."""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=sizes_in, default=SIZES, help="such as 100,1000: only printed")
    parser.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--without", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        run_inside(options.inside, options.without.split())
        return
    databases = [sqlite]
    if postgres.program("initdb"):
        databases.append(postgresql)
    else:
        print("PostgreSQL is not installed, so it is left out.", file=sys.stderr)
    report = "\n\n".join([head(), *(section(measured(each, options.sizes)) for each in databases)]) + "\n"
    if options.sizes == SIZES:
        REPORT.write_text(report)
    print(report)


def sizes_in(text):
    return tuple(sorted(int(size) for size in text.split(",")))


# Measuring


def run_inside(size, too_slow):
    """What the process does that has the environment of one database: measure, and print json."""
    django.setup()
    logging.disable(logging.INFO)
    from django.core.management import call_command

    from tests.bench.search_runs import measure

    call_command("migrate", verbosity=0)
    print(json.dumps(measure(size, too_slow)))


def measured(database, sizes):
    """What is measured on a database, for each of the sizes a new one."""
    found, too_slow = [], set()
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, database() as address:
            command = [sys.executable, "-m", "tests.bench.search", "--inside", str(size)]
            done = subprocess.run(
                [*command, "--without", " ".join(too_slow)],
                cwd=ROOT,
                env=environment(folder) | address,
                stdout=subprocess.PIPE,
                check=True,
            )
        found.append(json.loads(done.stdout))
        too_slow |= {name for name, answer in found[-1]["stock"].items() if not answer or is_stopped(answer)}
    return found


@contextmanager
def sqlite():
    """The environment of the site as it is by default: a file in DATA_DIR."""
    yield {"DATABASE_URL": ""}


@contextmanager
def postgresql():
    """The environment of a site with a server of its own."""
    with postgres.cluster() as address:
        yield {"DATABASE_URL": address}


def environment(folder):
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "leadwatch.settings.production",
        "DATA_DIR": folder,
        "BASE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "consolemail://",
        "SECRET_KEY": secrets.token_urlsafe(50),
        # The databases search, and no cluster.
        "SEARCH_URL": "",
    }


# Reporting


def head():
    packages = {name: version(name) for name in ("django", "wagtail")}
    times = " and ".join(f"{most} ms at {size:,} pages" for size, most in MOST_TIME.items())
    return HEAD.format(
        runs=RUNS,
        patience=PATIENCE,
        python=platform.python_version(),
        cores=os.cpu_count(),
        times=times,
        queries=MOST_QUERIES,
        **packages,
    )


def section(found):
    """The tables of one database."""
    sizes = [each["size"] for each in found]
    ours, stock = ([each[side] for each in found] for side in ("ours", "stock"))
    parts = [
        f"## {found[-1]['database']}",
        table(["Ours", *labels(sizes), "growth", "found", "queries", ""], our_rows(ours, sizes)),
        table(["Stock", *labels(sizes), "growth", "found", "queries"], stock_rows(stock)),
        table(["Stock / ours", *labels(sizes)], ratio_rows(ours, stock)),
        table(["Filling, for each page", *labels(sizes)], filling_rows(found)),
    ]
    return "\n\n".join(parts)


def labels(sizes):
    return [f"{size:,}" for size in sizes]


def table(names, rows):
    """A table of Markdown whose columns with a name, but for the first, have numbers."""
    marks = ["---:" if place and name else "---" for place, name in enumerate(names)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (names, marks, *rows))


def our_rows(answers, sizes):
    for name, word, row in rows(OURS, answers):
        yield [f"{OURS[name]}, *{word}*", *map(shown, row), *summary(row), verdict(row, sizes)]


def stock_rows(answers):
    for name, word, row in rows(STOCK, answers):
        yield [f"{STOCK[name]}, *{word}*", *map(shown, row), *summary(row)]


def ratio_rows(ours, stock):
    for name, word, row in rows(BESIDE, ours):
        beside = [each[f"{BESIDE[name]}:{word}"] for each in stock]
        yield [f"{OURS[name]}, *{word}*", *map(ratio, row, beside)]


def filling_rows(found):
    for side in ("ours", "stock"):
        yield [side, *(f"{number(each['filling'][side])} ms" for each in found)]


def rows(names, answers):
    """Each name with each word, and the answers with all sizes."""
    words = dict.fromkeys(name.partition(":")[2] for name in answers[0])
    for name in names:
        for word in words:
            yield name, word, [each[f"{name}:{word}"] for each in answers]


def summary(row):
    """Cells: growth, and how much is found in how many queries among the most pages that were possible."""
    possible = [answer for answer in row if answer and not is_stopped(answer)]
    growth = f"× {number(middle(row[-1]) / middle(row[-2]))}" if len(possible) == len(row) > 1 else ""
    if not possible:
        return growth, "", ""
    return growth, f"{possible[-1]['found']:,}", str(possible[-1]["queries"])


def verdict(row, sizes):
    """Whether ours shows what it must, and by how much it does not."""
    missed = [
        f"{number(middle(answer))} > {MOST_TIME[size]} ms"
        for answer, size in zip(row, sizes, strict=True)
        if middle(answer) > MOST_TIME.get(size, PATIENCE * 1000)
    ]
    queries = max(answer["queries"] or 0 for answer in row)
    if queries > MOST_QUERIES:
        missed.append(f"{queries} > {MOST_QUERIES} queries")
    return f"**missed**: {', '.join(missed)}" if missed else "met"


def shown(answer):
    """The cell of a time."""
    if answer is None:
        return "not tried"
    if is_stopped(answer):
        return f"> {PATIENCE} s"
    in_seconds = middle(answer) >= 1000
    times = [time / 1000 if in_seconds else time for time in (middle(answer), max(answer["times"]))]
    return f"{number(times[0])} ({number(times[1])}) {'s' if in_seconds else 'ms'}"


def ratio(ours, stock):
    """The cell of how many times longer stock takes."""
    if stock is None:
        return ""
    return f"{'> ' * is_stopped(stock)}{number(middle(stock) / middle(ours))}"


def is_stopped(answer):
    return middle(answer) >= PATIENCE * 1000


def middle(answer):
    return statistics.median(answer["times"])


def number(value):
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 20 else f"{value:,.0f}"


if __name__ == "__main__":
    main()
