"""
Let 10 editors save or publish every 5 to 15 seconds, while 50 visitors read a page every second.

    SECONDS=600 .venv/bin/pytest -s tests/bench/load.py

does so for 600 seconds. It fails if a response has status 400 or more, the database was locked for too long,
or a version that was reported as saved is not in the database.
"""

import os
import random
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from urllib.parse import urlsplit

import urllib3

from tests.support.editing import Client, Editor, is_sound, versions
from tests.support.served import ServedSite

EDITORS, READERS = 10, 50
# Seconds between two changes of an editor.
PAUSE = 5, 15
WORDS = ("police", "diversion", "2017", "lead", "nothingatall", "version")
# SQL for what a page has: its revisions, those that were published, and its live title.
HAS = {
    "saved": "SELECT content ->> 'title' FROM wagtailcore_revision WHERE object_id = :page",
    "published": """
        SELECT revision.content ->> 'title' FROM wagtailcore_pagelogentry entry
        JOIN wagtailcore_revision revision ON revision.id = entry.revision_id
        WHERE entry.page_id = :page AND entry.action = 'wagtail.publish'
    """,
    "live": "SELECT title FROM wagtailcore_page WHERE id = :page",
}


def fill():
    from home.models import User
    from tests.support import factories

    for number in range(EDITORS):
        User.objects.create_superuser(f"editor-{number}", password="a long password")
        factories.make_event(slug=f"event-{number}", title="Version 0")


def edit(site, number, end):
    """Save and publish by turns, as editors do. Return what was acknowledged, and what was wrong."""
    client, chance, found, wrong = Client(site.url, site.folder), random.Random(number), Counter(), Counter()
    client.sign_in(f"editor-{number}")
    editor = Editor(client, f"event-{number}")
    told = {"saved": set(), "published": set()}
    while time.monotonic() < end:
        verb = chance.choice(["saved", "published"])
        try:
            status = (editor.edit() if verb == "saved" else editor.publish())().status
            assert status == 302, status
        except (AssertionError, urllib3.exceptions.HTTPError) as error:
            wrong[str(error)[:200]] += 1
        else:
            told[verb].add(editor.version)
            found[verb] += 1
        time.sleep(chance.uniform(*PAUSE))
    has = {name: versions(*client.rows(question, page=editor.page)) for name, question in HAS.items()}
    assert told["saved"] <= has["saved"]
    assert told["published"] <= has["published"]
    assert has["live"] == {max(told["published"], default=0)}
    return found, wrong


def read(ask, paths, number, end):
    """
    Read random pages and searches. Return how many had which status, and how many seconds each took.

    :param ask: a function that returns the response for a path.
    """
    chance, found, seconds = random.Random(number), Counter(), []
    while time.monotonic() < end:
        path = chance.choice(paths)
        if chance.random() < 0.1:
            path = f"/search/?q={chance.choice(WORDS)}+{chance.randrange(100)}"
        begun = time.monotonic()
        try:
            found[ask(path).status] += 1
        except urllib3.exceptions.HTTPError as error:
            found[type(error).__name__] += 1
        seconds.append(time.monotonic() - begun)
        time.sleep(chance.random() * 2)
    return found, seconds


def paths_of(site):
    """Return the paths of all pages in the site map."""
    urls = urllib3.request("GET", f"{site.url}/sitemap.xml").data.decode().split("<loc>")[1:]
    return [urlsplit(url.partition("<")[0]).path for url in urls]


def test_no_response_fails_and_no_version_is_lost():
    seconds = int(os.environ.get("SECONDS", 600))
    with ServedSite() as site:
        site.manage("load_starter_content", "--verbosity", "0")
        site.fill("tests.bench.load")
        site.start(is_whole=True)
        paths, end = paths_of(site), time.monotonic() + seconds
        http = urllib3.PoolManager(timeout=60, maxsize=READERS, retries=False)

        def ask(path):
            return http.request("GET", site.url + path)

        with ThreadPoolExecutor(EDITORS + READERS) as pool:
            editing = [pool.submit(edit, site, number, end) for number in range(EDITORS)]
            reading = [pool.submit(read, ask, paths, number, end) for number in range(READERS)]
        log = site.log.read_text()
        assert is_sound(Client(site.url, site.folder))
    written = sum((task.result()[0] for task in editing), Counter())
    wrong = sum((task.result()[1] for task in editing), Counter())
    statuses = sum((task.result()[0] for task in reading), Counter())
    slowest = statistics.quantiles(chain.from_iterable(task.result()[1] for task in reading), n=20)[-1]
    print(f"{len(paths)} pages; editors: {dict(written)}, wrong: {dict(wrong)}; readers: {dict(statuses)}")
    print(f"95 of 100 responses to readers took at most {slowest * 1000:.0f} ms")
    print(f"{log.count('SQLITE_BUSY')} times locked; {len(log.splitlines())} lines in the log")
    print(log[-3000:])
    assert not wrong
    assert not [status for status in statuses if status != 200]
    assert "SQLITE_BUSY" not in log
