"""
Kill the server while an editor saves and publishes, and visitors send messages.

Afterwards, the page is the old or the new one, never a mixture, and whatever was reported as saved exists.
"""

import os
import random
import signal
import threading
import time
from collections import Counter

import pytest
import urllib3
from django.core.signing import Signer
from django.utils.crypto import get_random_string

from tests.support.copies import CopiedSite
from tests.support.editing import PAGE, Client, Editor, is_sound, published

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db


# How many times as often to kill the server: 5 for 50 times while a page is published.
TIMES = int(os.environ.get("KILLS", 1))
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
    site.run("from tests.support import editing, factories; editing.fill(); factories.make_contact()")
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
    count, timed = count * TIMES, timed * TIMES
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


class Visitor:
    """Somebody who sends each message until the site says thank you."""

    def __init__(self, site):
        self.site = site
        ((page,),) = site.rows("SELECT page_ptr_id FROM home_contactpage")
        self.url = f"{site.url}/contact-message/{page}/"
        self.signer = Signer(key=site.environment["SECRET_KEY"], salt="home.contact")
        self.count = 0

    def message(self):
        """Return the request for another message, in a form that was opened a minute ago."""
        self.count += 1
        stamp = self.signer.sign(f"{int(time.time()) - 60}-{get_random_string(22)}")
        fields = {"your_message": f"Message {self.count}.", "made-at": stamp}
        options = {"fields": fields, "redirect": False, "retries": False}
        return lambda **headers: self.site.http.request("POST", self.url, headers=headers, **options)


def is_thanked(request, **headers):
    try:
        response = request(**headers)
    except urllib3.exceptions.ProtocolError:
        return False
    assert response.status == 303, response.data.decode()
    return True


def test_no_message_is_lost_or_stored_twice(site):
    visitor, killed = Visitor(site), 0
    for moment in moments(visitor.message(), 8, timed=0):
        request = visitor.message()
        is_answered = is_thanked(request, **{"X-Die-Before": str(moment["statement"])})
        killed += not is_answered
        assert is_answered or is_thanked(request)
        # Between them, somebody whose server lives.
        assert is_thanked(visitor.message())
    stored = Counter(
        text for (text,) in site.rows("SELECT form_data ->> 'your_message' FROM home_contactmessage")
    )
    assert killed > 0.4 * visitor.count
    assert stored == Counter(f"Message {number}." for number in range(1, visitor.count + 1))
    assert is_sound(site)
