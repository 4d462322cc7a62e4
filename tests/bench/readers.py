"""
Let 50 people read while 4 editors publish, and while nobody does, by turns.

Compared is how long readers wait, at the site alone and behind nginx, if it is installed. Nobody may see a
title older than one that was published before she asked. The readers are those of tests/bench/load.py: one of
ten asks for a search, which is never kept.
"""

import random
import re
import statistics
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

import urllib3

from tests.bench.base import Copy
from tests.bench.load import PAUSE, READERS, paths_of, read
from tests.bench.report import measured, table, verdict
from tests.support.editing import Client, Editor
from tests.support.nginx import NGINX, configured, running
from tests.support.postgres import free_port
from tests.support.waiting import wait_until

EDITORS, LIMIT = 4, 2
ROUNDS, SECONDS = 5, 8
HEADING = f"Readers while {EDITORS} editors publish, beside the same without editors"
# nginx doesn't tell the site its port. Without https, editors need no second factor.
HOST = "leadwatch.test"
HEADERS = {"Host": HOST, "Accept-Encoding": "gzip"}
# The number of an event and of its version, in a link to it and on its own page.
LINK = re.compile(r'href="[^"]*/event-(\d)/[^"]*"[^>]*>\s*Version (\d+)')
PATH, HEADING = re.compile(r"/timeline/event-(\d)/$"), re.compile(r"<h1[^>]*>\s*Version (\d+)")


class Site(Copy):
    """A site with an event for each editor."""

    def __init__(self, base, folder):
        addresses = {"BASE_URL": f"http://{HOST}", "ALLOWED_HOSTS": f"{HOST},127.0.0.1"}
        super().__init__(base, **addresses, VERSION_DIR=str(folder / "version"))
        self.fill("tests.bench.load")
        self.start(is_whole=True)
        # The version that was last reported as published, by event.
        self.told = Counter()
        self.editors = [self.editor(number) for number in range(EDITORS)]
        self.paths = paths_of(self)

    def editor(self, number):
        client = Client(self.url, self.folder)
        client.sign_in(f"editor-{number}")
        return Editor(client, f"event-{number}")

    def publish(self, number, end):
        """Publish as often as an editor does. Return how often that was."""
        editor, found = self.editors[number], 0
        # Her last publication was some time ago.
        due = time.monotonic() + random.uniform(0, sum(PAUSE) / 2)
        while due < end:
            time.sleep(max(0, due - time.monotonic()))
            assert editor.publish()().status == 302
            self.told[number] = editor.version
            found += 1
            due = time.monotonic() + random.uniform(*PAUSE)
        return found


class Readers:
    """Everybody who reads at a port. `compared` counts titles, `old` those that were out of date."""

    def __init__(self, site, port):
        self.site, self.address, self.compared, self.old = site, f"http://127.0.0.1:{port}", 0, 0
        self.http = urllib3.PoolManager(timeout=60, maxsize=READERS, retries=False)

    def ask(self, path):
        told = self.site.told.copy()
        response = self.http.request("GET", self.address + path, headers=HEADERS)
        html = response.data.decode()
        seen = LINK.findall(html)
        if (event := PATH.match(path)) and (title := HEADING.search(html)):
            seen.append((event[1], title[1]))
        self.compared += len(seen)
        self.old += sum(int(version) < told[int(number)] for number, version in seen)
        return response

    def turn(self, is_published):
        """Return the 95th percentile of the seconds that readers waited, and the number of publications."""
        # The publications of the turn before have emptied the cache.
        for path in self.site.paths:
            self.ask(path)
        end = time.monotonic() + SECONDS
        with ThreadPoolExecutor(READERS + EDITORS) as pool:
            reading = [pool.submit(read, self.ask, self.site.paths, number, end) for number in range(READERS)]
            editors = range(EDITORS if is_published else 0)
            publishing = [pool.submit(self.site.publish, number, end) for number in editors]
        statuses = sum((task.result()[0] for task in reading), Counter())
        assert set(statuses) == {200}, statuses
        seconds = list(chain.from_iterable(task.result()[1] for task in reading))
        return statistics.quantiles(seconds, n=20)[-1], sum(task.result() for task in publishing)


def turns(base):
    """Return readers by where they ask, and what each of their rounds without and with editors found."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadwatch-readers-")))
        site = stack.enter_context(Site(base, folder))
        ports = {"At the site": int(site.url.rpartition(":")[2])}
        if NGINX:
            port = ports["Behind nginx"] = free_port()
            stack.enter_context(running(configured(port, ports["At the site"], folder), folder))
        readers = {name: Readers(site, port) for name, port in ports.items()}
        for each in readers.values():
            wait_until(lambda each=each: {each.ask(path).status for path in site.paths} == {200})
        found = {name: [] for name in readers}
        for _round in range(ROUNDS):
            for name, each in readers.items():
                found[name].append((each.turn(is_published=False)[0], *each.turn(is_published=True)))
    return readers, found


def section(base):
    rows = []
    readers, found = turns(base)
    for name, each in readers.items():
        assert each.compared
        quiet, busy, published = zip(*found[name], strict=True)
        waits = [f"{statistics.median(seconds) * 1000:.0f} ms" for seconds in (quiet, busy)]
        ratios = measured([more / fewer for fewer, more in zip(quiet, busy, strict=True)], LIMIT)
        old = [f"{each.old} of {each.compared:,}", *verdict(each.old, 0)]
        rows.append([name, *waits, sum(published), *ratios, *old])
    about = (
        f"{READERS} people read a page or a search every second. Each editor publishes every {PAUSE[0]} to "
        f"{PAUSE[1]} s.\nBoth take turns, {SECONDS} s each time, {ROUNDS} rounds. Compared are the 95th "
        "percentiles of the time that readers wait."
    )
    names = [
        "Where",
        "without",
        "with",
        "publications",
        "ratio",
        "limit",
        "",
        "old titles",
        "limit",
        "",
    ]
    return f"{about}\n\n{table(names, rows)}"
