"""
Measure the CPU, queries and memory that pages take, beside a site of stock Wagtail.

    python -m tests.bench.site

prints tables and writes them to docs/benchmarks/site.md.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from string import ascii_lowercase

import django

from tests.bench import admin, cached
from tests.bench.one_process import Side
from tests.support.served import ROOT, ServedSite

REPORT = ROOT / "docs" / "benchmarks" / "site.md"
ROUNDS = int(os.environ.get("ROUNDS", "7"))
# CPU milliseconds that the requests of a round take, and how many requests that may be.
ROUND, MOST_REQUESTS = 300, 40
UNIT_REQUESTS = 500
# Requests after which the memory of a process is compared.
FEW, MANY = 100, 10_000

# Pages with the most units that they may take, and what they took in November 2026.
UNITS = {
    "event": (165, 510),
    "home": (265, 530),
    "concern": (265, 690),
    "partner": (200, 610),
    "document": (165, 320),
    "search": (265, 470),
    "feed": (330, 540),
    "404": (130, 250),
    "timeline": (None, None),
    "timeline 200": (None, None),
    "timeline 1000": (None, None),
    "timeline 10000": (None, None),
}
# Labels of ratios, the page of ours, what it is compared with, and the largest ratio.
RATIOS = [
    ("An event, beside a stock page with the same parts", "event with parts", "stock blog page", 0.4),
    ("The home page, beside a stock home page with 14 pictures", "home", "stock home", 0.3),
    ("A page with 14 pictures, beside the same", "pictures", "stock home", None),
    ("A timeline of 200 events, beside an event", "timeline 200", "event", 4),
    ("A timeline of 10,000 events, beside one of 100", "timeline 10000", "timeline 100", 1.5),
]
# Units that each further event took in November 2026, and the most of that which it may take.
EACH_EVENT = {"timeline": 10, "frame": 8, "json": 11}
MOST_OF_EACH, FEWER_EVENTS, MORE_EVENTS = 0.25, 10, 1000
QUERIES = {
    "event": 8,
    "event with parts": 8,
    "concern": 8,
    "partner": 8,
    "document": 8,
    "home": 10,
    "search": 8,
    "feed": 6,
    "sitemap": 6,
    "404": None,
    "stock blog page": None,
    "stock home": None,
    "timeline": 10,
    "timeline 200": 10,
    "timeline 1000": 10,
    "timeline 10000": 10,
}
MOST_MEMORY, MOST_GROWTH = 170, 1.1

HEAD = """# What pages cost

Written by `make bench`. Each page is rendered as for the first visitor after a change: in one process, with
the production settings, without the page cache, on an open connection to the database, after two requests
that filled small caches. The unit is the CPU time of a constant Django view without middleware in the same
process. The two sites and the unit are measured by turns. Each figure is the median of {rounds} rounds,
with the smallest and the largest in parentheses. The pages are those of the starter content, unless the
table says otherwise.

The stock site (`tests/bench/stock`) is written as Wagtail's documentation and demo are: a blog page with the
same text, links, sources, images and related pages as the event beside it, and a home page with 14 pictures,
as the demo has. Both have a menu, breadcrumbs and a footer with as many links."""


@contextmanager
def ours():
    with ServedSite() as site:
        site.manage("load_starter_content", "--verbosity", "0")
        site.fill("tests.bench.site_pages")
        yield site.environment


@contextmanager
def stock():
    """Yield the environment of the stock site."""
    with tempfile.TemporaryDirectory(prefix="leadwatch-stock-") as folder:
        settings = {"DJANGO_SETTINGS_MODULE": "tests.bench.stock.settings", "DATA_DIR": folder}
        environment = os.environ | settings
        for command in (
            ["-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"],
            ["-c", "import django; django.setup(); from tests.bench.stock.fill import fill; fill()"],
        ):
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)
        yield environment


class Site:
    """Both sites, with the CPU milliseconds of each round by page, and of the unit beside it."""

    def __init__(self, ours, stock):
        self.sides = {"ours": ours, "stock": stock}
        self.names = {name: ("ours", name) for name in ours.paths}
        self.names |= {f"stock {name}": ("stock", name) for name in stock.paths}
        self.times = {name: [] for name in self.names}
        self.units = {name: [] for name in self.names}

    def measure(self, names, rounds):
        counts = {name: self.requests_of(name) for name in names}
        for _round in range(rounds):
            for name in names:
                side, page = self.sides[self.names[name][0]], self.names[name][1]
                self.units[name].append(side.unit(UNIT_REQUESTS))
                self.times[name].append(side.ask(page, counts[name]))

    def requests_of(self, name):
        side, page = self.names[name]
        self.sides[side].ask(page, 2)
        return max(1, min(MOST_REQUESTS, round(ROUND / self.sides[side].ask(page, 1))))

    def in_units(self, name):
        return [time / unit for time, unit in zip(self.times[name], self.units[name], strict=True)]

    def ratio(self, name, other):
        return [a / b for a, b in zip(self.in_units(name), self.in_units(other), strict=True)]

    def each_event(self, kind):
        """Return the units that each further event takes, as shares of what it took."""
        fewer, more = (self.in_units(f"{kind} {size}") for size in (FEWER_EVENTS, MORE_EVENTS))
        number = MORE_EVENTS - FEWER_EVENTS
        return [(b - a) / number / EACH_EVENT[kind] for a, b in zip(fewer, more, strict=True)]


def memory(environment):
    """Return the memory of a new process in MiB after FEW and after MANY random requests."""
    chance, found = random.Random(1), []
    with Side("tests.bench.site_pages", environment) as side:
        # The sitemap of 11,000 pages takes seconds, so it is asked for only once.
        side.get(side.paths["sitemap"])
        pages = [path for name, path in side.paths.items() if not name.endswith(("1000", "10000", "sitemap"))]
        for number in range(MANY):
            if number == FEW:
                found.append(side.memory())
            side.get(random_request(chance, pages))
        return [*found, side.memory()]


def random_request(chance, pages):
    """
    Return the path of a page in half of the cases. The others are those of an attacker: a search for random
    words, a page with random parameters, or one that doesn't exist.
    """
    page, *words = chance.choice(pages), *("".join(chance.choices(ascii_lowercase, k=7)) for _ in range(20))
    others = [
        f"/search/?q={'+'.join(words)}",
        f"{page}{'&' if '?' in page else '?'}{words[0]}={words[1]}&q={words[2]}&concern={words[3]}",
        f"/{words[0]}/{words[1]}/",
    ]
    return chance.choice([page, page, page, *others])


def measured():
    """Return the names of the pages whose CPU time the tables show."""
    compared = [name for _label, *pair, _limit in RATIOS for name in pair]
    growing = [f"{kind} {size}" for kind in EACH_EVENT for size in (FEWER_EVENTS, MORE_EVENTS)]
    return list(dict.fromkeys([*UNITS, *compared, *growing]))


def table(names, rows):
    """Return a Markdown table. All columns but the first are numeric."""
    marks = ["---", *("---:" for _name in names[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (names, marks, *rows))


def row(label, figures, limit, *more):
    """Return cells with the median, the smallest and the largest of figures, and whether the limit is met."""
    middle = statistics.median(figures)
    shown = f"{number(middle)} ({number(min(figures))} to {number(max(figures))})"
    return [label, *more, shown, *verdict(middle, limit)]


def verdict(figure, limit):
    if limit is None:
        return ["", ""]
    return [f"≤ {limit}", "met" if figure <= limit else "**missed**"]


def number(value):
    return f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"


def report(site, queries, memories, screens):
    units = [
        row(name.capitalize(), site.in_units(name), limit, str(was or ""))
        for name, (limit, was) in UNITS.items()
    ]
    ratios = [row(label, site.ratio(name, other), limit) for label, name, other, limit in RATIOS]
    ratios += [
        row(f"Each further event: {kind}, beside November 2026", site.each_event(kind), MOST_OF_EACH)
        for kind in EACH_EVENT
    ]
    asked = [
        [name.capitalize(), str(queries[name]), *verdict(queries[name], limit)]
        for name, limit in QUERIES.items()
    ]
    grow = [
        [name, f"{number(middle)} ({number(least)} to {number(most)})", *verdict(middle, limit)]
        for name, middle, least, most, limit in screens
    ]
    few, many = memories
    grown = [
        ["After 100 requests", f"{few:.0f} MiB", "", ""],
        ["After 10,000 requests", f"{many:.0f} MiB", *verdict(many, MOST_MEMORY)],
        ["Ratio", f"{many / few:.2f}", *verdict(many / few, MOST_GROWTH)],
    ]
    parts = [
        HEAD.format(rounds=ROUNDS),
        "## Units of CPU",
        table(["Page", "November 2026", "units", "limit", ""], units),
        "## Ratios of CPU",
        table(["What", "ratio", "limit", ""], ratios),
        "## Queries",
        table(["Page", "queries", "limit", ""], asked),
        f"## Screens of the admin at {admin.MANY:,} events, beside {admin.FEW}",
        table(["Screen", "ratio", "limit", ""], grow),
        f"## Memory of a process, after {FEW} and {MANY:,} requests, half of them such as attackers send",
        table(["When", "memory", "limit", ""], grown),
    ]
    return "\n\n".join(parts) + "\n"


def readers_section():
    # The forms of editors need models.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadwatch.settings.test")
    django.setup()
    from tests.bench import readers

    return readers.section()


def main():
    with (
        ours() as our_environment,
        stock() as stock_environment,
    ):
        with (
            Side("tests.bench.site_pages", our_environment) as our_side,
            Side("tests.bench.stock.fill", stock_environment) as stock_side,
        ):
            site = Site(our_side, stock_side)
            queries = {name: site.sides[side].queries(page) for name, (side, page) in site.names.items()}
            site.measure(measured(), ROUNDS)
        text = report(site, queries, memory(our_environment), admin.ratios())
    text += cached.section() + readers_section()
    REPORT.write_text(text)
    print(text)


if __name__ == "__main__":
    sys.exit(main())
