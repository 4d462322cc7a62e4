"""Measure the CPU and queries that pages take, beside a site of stock Wagtail."""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager

from tests.bench.base import Copy
from tests.bench.one_process import Side
from tests.bench.report import ROUNDS, measured, table, verdict
from tests.support.served import ROOT

HEADING = "Pages that are not cached"
# CPU milliseconds that the requests of a round take, and how many requests that may be.
ROUND, MOST_REQUESTS = 300, 40
UNIT_REQUESTS = 500
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
}
# Labels of ratios, the site and page of ours, what it is compared with, and the largest ratio.
RATIOS = [
    ("An event, beside a stock page with the same parts", "base event with parts", "stock blog page", 0.4),
    ("The home page, beside a stock home page with 14 pictures", "base home", "stock home", 0.3),
    ("A page with 14 pictures, beside the same", "base pictures", "stock home", None),
    ("A timeline of 200 events, beside an event", "sized timeline 200", "base event", 4),
    (f"The timeline at {MANY:,} events, beside {FEW}", "many timeline", "few timeline", 1.5),
]
# Units that each further event took in November 2026, and the most of that which it may take.
EACH_EVENT = {"timeline": 10, "frame": 8, "json": 11}
MOST_OF_EACH, FEWER_EVENTS, MORE_EVENTS = 0.25, 10, 1000
QUERIES = {
    "base event": 8,
    "base event with parts": 8,
    "base concern": 8,
    "base partner": 8,
    "base document": 8,
    "base home": 10,
    "base search": 8,
    "base feed": 6,
    "base sitemap": 6,
    "base 404": None,
    "base timeline": 10,
    "sized timeline 200": 10,
    "sized timeline 1000": 10,
    "many timeline": 10,
    "stock blog page": None,
    "stock home": None,
}
ABOUT = f"""Each page is rendered as for the first visitor after a change: in one process, with the production
settings, without the page cache, on an open connection to the database, after two requests that filled small
caches. The unit is the CPU time of a constant Django view without middleware in the same process, measured
right before. All pages are measured by turns, in {ROUNDS} rounds."""


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


class Sides:
    """Sites by name, with the CPU in units of each round by site and page."""

    def __init__(self, sides):
        self.sides, self.units = sides, {}

    def side(self, name):
        site, _space, page = name.partition(" ")
        return self.sides[site], page

    def queries(self, name):
        side, page = self.side(name)
        return side.queries(page)

    def measure(self, names):
        counts = {name: self.requests_of(*self.side(name)) for name in names}
        self.units = {name: [] for name in names}
        for _round in range(ROUNDS):
            for name, count in counts.items():
                side, page = self.side(name)
                unit = side.unit(UNIT_REQUESTS)
                self.units[name].append(side.ask(page, count) / unit)

    def requests_of(self, side, page):
        side.ask(page, 2)
        return max(1, min(MOST_REQUESTS, round(ROUND / side.ask(page, 1))))

    def ratio(self, name, other):
        return [a / b for a, b in zip(self.units[name], self.units[other], strict=True)]

    def each_event(self, kind):
        """Return the units that each further event takes, as shares of what it took."""
        fewer, more = (self.units[name] for name in sizes_of(kind))
        number = MORE_EVENTS - FEWER_EVENTS
        return [(b - a) / number / EACH_EVENT[kind] for a, b in zip(fewer, more, strict=True)]


def label(name):
    site, _space, page = name.partition(" ")
    return {"stock": name, "many": f"{page} {MANY}"}.get(site, page).capitalize()


def sizes_of(kind):
    return [f"sized {kind} {size}" for size in (FEWER_EVENTS, MORE_EVENTS)]


def section(base):
    with ExitStack() as stack:
        timelines = stack.enter_context(Copy(base))
        timelines.fill("tests.bench.site_pages", FEWER_EVENTS, 200, MORE_EVENTS)
        sites = {"base": base, "sized": timelines}
        sites |= {"few": base.with_events(FEW), "many": base.with_events(MANY)}
        sides = {
            name: stack.enter_context(Side("tests.bench.site_pages", site.environment))
            for name, site in sites.items()
        }
        stock_site = stack.enter_context(stock())
        sides["stock"] = stack.enter_context(Side("tests.bench.stock.fill", stock_site))
        site = Sides(sides)
        queries = {name: site.queries(name) for name in QUERIES}
        compared = [name for _label, *pair, _limit in RATIOS for name in pair]
        growing = [name for kind in EACH_EVENT for name in sizes_of(kind)]
        site.measure(dict.fromkeys([*(f"base {name}" for name in UNITS), *compared, *growing]))
    units = [
        [name.capitalize(), was, *measured(site.units[f"base {name}"], limit)]
        for name, (limit, was) in UNITS.items()
    ]
    ratios = [[label, *measured(site.ratio(name, other), limit)] for label, name, other, limit in RATIOS]
    ratios += [
        [
            f"Each further event: {kind}, beside November 2026",
            *measured(site.each_event(kind), MOST_OF_EACH),
        ]
        for kind in EACH_EVENT
    ]
    asked = [[label(name), queries[name], *verdict(queries[name], limit)] for name, limit in QUERIES.items()]
    return "\n\n".join(
        [
            ABOUT,
            table(["Page", "November 2026", "units", "limit", ""], units),
            table(["What", "ratio of CPU", "limit", ""], ratios),
            table(["Page", "queries", "limit", ""], asked),
        ]
    )
