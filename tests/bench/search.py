"""
Compare the search with Wagtail's own, with up to a hundred thousand pages, on SQLite and PostgreSQL.

    python -m tests.bench.search

prints tables and writes them to docs/benchmarks/search.md. It takes about half an hour.

    python -m tests.bench.search --sizes 100,1000

only prints them, and takes two minutes.
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
# Targets for our search: maximum milliseconds by number of pages, and maximum number of queries.
MOST_TIME = {10_000: 50, 100_000: 150}
MOST_QUERIES = 8
# Runs of each search, and seconds after which it is stopped.
RUNS, PATIENCE = 15, 30

# Labels of the searches, by their names in search_runs.py.
OURS = {
    "search": "Search page: total, counts, first 20 with passages",
    "narrowed": "Search page, events from 2017 to 2019",
    "suggestions": "Suggestions",
    "admin_prefix": "Admin, beginnings of words: count, first 10",
    "admin_search": "Admin, whole words: count, first 10",
}
STOCK = {"prefix": "Beginnings of words: count, first 10", "search": "Whole words: count, first 10"}
# The closest search that Wagtail has. It has no passages and no counts by kind and year.
COUNTERPARTS = {
    "search": "search",
    "suggestions": "prefix",
    "admin_prefix": "prefix",
    "admin_search": "search",
}

HEAD = """# The search with many pages

Written by `make bench-search`. An empty site gets the number of events in the heading of the column, and 14
other pages. The events are dated from 2010 to 2026, have categories, concerns and partners, and about 130
words each, with word frequencies as in natural language. The word *lead* is in the text of every page and
in the title of every second event; *moratorium* is in three events. Each search runs in one process,
without HTTP and templates, on an open connection, after one warm-up run. Times are medians of {runs} runs,
with the worst run in parentheses. Searches that take seconds have fewer runs; those that take more than
{patience} s are stopped and not tried with more pages. Growth is the time with the most pages divided by
the time with the next smaller number. The number of queries is for one run.

Stock is Wagtail's default backend, `modelsearch.backends.database`, with its own tables for the same pages.
Indexing is the time per page, without the time to load the page.

Python {python}, Django {django}, Wagtail {wagtail}, {cores} shared cores: compare the numbers, but do not
quote them. Ours must take at most {times}, and {queries} queries."""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--sizes", type=parse_sizes, default=SIZES, help="such as 100,1000; only prints the result"
    )
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
        print("PostgreSQL is not installed, so it is skipped.", file=sys.stderr)
    report = "\n\n".join([head(), *(section(measured(each, options.sizes)) for each in databases)]) + "\n"
    if options.sizes == SIZES:
        REPORT.write_text(report)
    print(report)


def parse_sizes(text):
    return tuple(sorted(int(size) for size in text.split(",")))


# Measuring


def run_inside(size, too_slow):
    """Measure with the database of this process, and print JSON."""
    django.setup()
    logging.disable(logging.INFO)
    from django.core.management import call_command

    from tests.bench.search_runs import measure

    call_command("migrate", verbosity=0)
    print(json.dumps(measure(size, too_slow)))


def measured(database, sizes):
    """Return the measurements for one kind of database, with a new database for each size."""
    results, too_slow = [], set()
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
        results.append(json.loads(done.stdout))
        too_slow |= {name for name, run in results[-1]["stock"].items() if not run or is_stopped(run)}
    return results


@contextmanager
def sqlite():
    """Yield the environment for the default database: a file in DATA_DIR."""
    yield {"DATABASE_URL": ""}


@contextmanager
def postgresql():
    """Yield the environment for a temporary PostgreSQL server."""
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
        # Search in the database, not in a cluster.
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


def section(results):
    """Return the tables for one database."""
    sizes = [each["size"] for each in results]
    ours, stock = ([each[side] for each in results] for side in ("ours", "stock"))
    parts = [
        f"## {results[-1]['database']}",
        table(["Ours", *labels(sizes), "growth", "found", "queries", ""], our_rows(ours, sizes)),
        table(["Stock", *labels(sizes), "growth", "found", "queries"], stock_rows(stock)),
        table(["Stock / ours", *labels(sizes)], ratio_rows(ours, stock)),
        table(["Indexing, per page", *labels(sizes)], indexing_rows(results)),
    ]
    return "\n\n".join(parts)


def labels(sizes):
    return [f"{size:,}" for size in sizes]


def table(names, rows):
    """Return a Markdown table. Columns with a name are numeric, except the first."""
    marks = ["---:" if place and name else "---" for place, name in enumerate(names)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (names, marks, *rows))


def our_rows(runs, sizes):
    for name, word, row in rows(OURS, runs):
        yield [f"{OURS[name]}, *{word}*", *map(shown, row), *summary(row), verdict(row, sizes)]


def stock_rows(runs):
    for name, word, row in rows(STOCK, runs):
        yield [f"{STOCK[name]}, *{word}*", *map(shown, row), *summary(row)]


def ratio_rows(ours, stock):
    for name, word, row in rows(COUNTERPARTS, ours):
        counterparts = [each[f"{COUNTERPARTS[name]}:{word}"] for each in stock]
        yield [f"{OURS[name]}, *{word}*", *map(ratio, row, counterparts)]


def indexing_rows(results):
    for side in ("ours", "stock"):
        yield [side, *(f"{number(each['indexing'][side])} ms" for each in results)]


def rows(names, runs):
    """Yield each name with each word, and the runs for all sizes."""
    words = dict.fromkeys(name.partition(":")[2] for name in runs[0])
    for name in names:
        for word in words:
            yield name, word, [each[f"{name}:{word}"] for each in runs]


def summary(row):
    """Return cells with the growth, and the matches and queries of the largest size that finished."""
    finished = [run for run in row if run and not is_stopped(run)]
    growth = f"× {number(middle(row[-1]) / middle(row[-2]))}" if len(finished) == len(row) > 1 else ""
    if not finished:
        return growth, "", ""
    return growth, f"{finished[-1]['found']:,}", str(finished[-1]["queries"])


def verdict(row, sizes):
    """Return a cell that says whether ours meets the targets, and which ones it misses."""
    missed = [
        f"{number(middle(run))} > {MOST_TIME[size]} ms"
        for run, size in zip(row, sizes, strict=True)
        if middle(run) > MOST_TIME.get(size, PATIENCE * 1000)
    ]
    queries = max(run["queries"] or 0 for run in row)
    if queries > MOST_QUERIES:
        missed.append(f"{queries} > {MOST_QUERIES} queries")
    return f"**missed**: {', '.join(missed)}" if missed else "met"


def shown(run):
    """Return the cell for a time."""
    if run is None:
        return "not tried"
    if is_stopped(run):
        return f"> {PATIENCE} s"
    in_seconds = middle(run) >= 1000
    times = [time / 1000 if in_seconds else time for time in (middle(run), max(run["times"]))]
    return f"{number(times[0])} ({number(times[1])}) {'s' if in_seconds else 'ms'}"


def ratio(ours, stock):
    """Return the cell that says how many times longer stock takes."""
    if stock is None:
        return ""
    return f"{'> ' * is_stopped(stock)}{number(middle(stock) / middle(ours))}"


def is_stopped(run):
    return middle(run) >= PATIENCE * 1000


def middle(run):
    return statistics.median(run["times"])


def number(value):
    return f"{value:.2f}" if value < 1 else f"{value:.1f}" if value < 20 else f"{value:,.0f}"


if __name__ == "__main__":
    main()
