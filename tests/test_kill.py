"""
Kill the server while an editor saves and publishes.

Afterwards, the page is the old or the new one, never a mixture, and whatever was reported as saved exists.
"""

import os
import random
import signal
import threading
import time

import pytest
import urllib3

from tests.support.copies import CopiedSite
from tests.support.editing import PAGE, Client, Editor, is_sound, published

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db


# More statements than any request has.
LAST = 10_000


class Site(CopiedSite, Client):
    """The site on a server of its own, with a database in a file."""

    def __init__(self, folder):
        CopiedSite.__init__(self, folder)
        Client.__init__(self, self.url, folder)

    def start(self):
        super().start("--config=python:tests.support.mortal", "--log-level=error", process_group=0)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def site(copy_site):
    site = copy_site(Site)
    site.run("from tests.support.editing import fill; fill()")
    site.start()
    site.sign_in()
    yield site
    site.kill()


def moments(request, count, timed):
    """
    Yield random but reproducible moments during a request at which the server dies.

    :param request: sends the request once, to measure it.
    :param timed: how many of the moments are times instead of statements.
    """
    chance = random.Random(count)
    started = time.monotonic()
    writes = request().headers["X-Writes"].split()
    took = time.monotonic() - started
    for number in range(count - 1):
        yield {"statement": int(writes[int((number + chance.random()) * len(writes) / (count - 1))])}
    # After the last statement, before the response.
    yield {"statement": LAST}
    for number in range(timed):
        yield {"seconds": (number + chance.random()) * took / timed}


def was_answered(site, request, statement=None, seconds=None):
    """Send a request during which the server dies. Return whether there was a response."""
    if seconds is not None:
        process = int(site.ask("/healthz").headers["X-Process"])
        timer = threading.Timer(seconds, os.kill, [process, signal.SIGKILL])
        timer.start()
    try:
        request(**{"X-Die-Before": str(statement)} if statement else {})
    except urllib3.exceptions.ProtocolError:
        return False
    finally:
        if seconds is not None:
            timer.join()
    return True


def test_what_was_reported_as_saved_exists(site):
    editor = Editor(site)
    before = published(site, "event")
    for moment in moments(editor.autosave(), 4, timed=1):
        editor.autosave()()
        told, request = editor.version, editor.autosave()
        if was_answered(site, request, **moment):
            told = editor.version
        assert editor.draft in {told, editor.version}, moment
        assert published(site, "event") == before, moment
        assert is_sound(site)


def test_a_published_page_is_the_old_or_the_new_version(site):
    editor = Editor(site)
    outcomes = set()
    for moment in moments(editor.publish(), 8, timed=2):
        before, request, draft = published(site, "event"), editor.publish(), editor.draft
        answered = was_answered(site, request, **moment)
        after = published(site, "event")
        assert (after, editor.draft) in {(before, draft), (editor.version, editor.version)}, moment
        assert after == editor.version or not answered
        # Publishing ends the review.
        assert editor.is_in_review == (after == before), moment
        assert is_sound(site)
        outcomes.add(after == before)
    assert outcomes == {True, False}


def test_a_new_page_exists_completely_or_not_at_all(site):
    editor = Editor(site)
    outcomes = set()
    for moment in moments(editor.create(), 5, timed=0):
        request = editor.create()
        slug = f"event-{editor.version}"
        assert not was_answered(site, request, **moment)
        is_there = bool(site.rows(PAGE, slug=slug))
        assert not is_there or published(site, slug) == editor.version, moment
        assert is_sound(site)
        outcomes.add(is_there)
    assert outcomes == {True, False}
