"""Measure the memory of a worker of the web server after few and after many requests."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from string import ascii_lowercase

import urllib3

from tests.bench.base import Copy
from tests.bench.load import paths_of
from tests.bench.report import table, verdict
from tests.support.processes import children_of

FEW, MANY, AT_ONCE = 100, 10_000, 4
MOST, MOST_GROWTH = 170, 1.1
HEADING = "Memory of a worker"


def memory(process):
    """Return the resident memory of a process in MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def random_request(chance, pages):
    """
    Return the path of a page in half of the cases. The others are those of an attacker: a search for random
    words, a page with random parameters, or one that doesn't exist.
    """
    page, *words = chance.choice(pages), *("".join(chance.choices(ascii_lowercase, k=7)) for _ in range(20))
    others = [
        f"/search/?q={'+'.join(words)}",
        f"{page}?{words[0]}={words[1]}&q={words[2]}&concern={words[3]}",
        f"/{words[0]}/{words[1]}/",
    ]
    return chance.choice([page, page, page, *others])


def section(base):
    chance, found = random.Random(1), []
    with Copy(base, WEB_CONCURRENCY="1") as site, ThreadPoolExecutor(AT_ONCE) as pool:
        site.start()
        http = urllib3.PoolManager(timeout=60, maxsize=AT_ONCE, retries=False)
        [worker] = children_of(site.server.pid)
        pages = [*paths_of(site), "/feed/", "/sitemap.xml", "/timeline/embed/", "/timeline/events.json"]
        for count in (FEW, MANY - FEW):
            asked = [site.url + random_request(chance, pages) for _number in range(count)]
            statuses = Counter(pool.map(lambda url: http.request("GET", url).status, asked))
            assert statuses.keys() <= {200, 404}, statuses
            found.append(memory(worker))
    few, many = found
    rows = [
        [f"After {FEW} requests", f"{few:.0f} MiB", "", ""],
        [f"After {MANY:,} requests", f"{many:.0f} MiB", *verdict(many, MOST)],
        ["Ratio", f"{many / few:.2f}", *verdict(many / few, MOST_GROWTH)],
    ]
    about = (
        f"Of gunicorn, with the page cache, while it answers {AT_ONCE} requests at a time, half of them such "
        "as attackers send."
    )
    return f"{about}\n\n{table(['When', 'memory', 'limit', ''], rows)}"
