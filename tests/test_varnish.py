"""Varnish in front of the site keeps pages, and shows each change at once, since the site empties it."""

import gzip
import http.client
import json
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from tests.support.copies import ROOT, CopiedSite
from tests.support.postgres import free_port
from tests.support.shells import Shell
from tests.support.waiting import wait_until

VARNISH = shutil.which("varnishd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not VARNISH, reason="no Varnish")]

CONTENT = """
import json
from home.models import User
from tests.support import factories
timeline = factories.make_timeline()
event = factories.make_event(title="Version 0")
contact = factories.make_contact()
file = factories.make_file(title="Kept back")
User.objects.create_superuser("anna", "anna@example.org", "a long password")
print(json.dumps([event.pk, event.url, timeline.url, contact.url, file.url]))
"""
IMPORTS = """
from wagtail.models import PageViewRestriction
from timeline.models import EventPage
event = EventPage.objects.get()
"""
PUBLISH = "event.title = {!r}; event.save_revision().publish()"
# The scheduler, with shorter pauses, so that tests need not wait.
SCHEDULER = """
import django
django.setup()
from django.core.management import call_command
from leadwatch.cdn import purging
from leadwatch.page_cache import commits
commits.INTERVAL, purging.PAUSE = 0.2, 0.3
call_command("scheduler")
"""
# In production, a purge follows within a second, if there was none in the ten seconds before.
SOON = 5


class Site(CopiedSite):
    """The site with its scheduler, and Varnish. An editor is signed in."""

    def __init__(self, folder):
        self.front = free_port()
        super().__init__(
            folder,
            FRONTEND_CACHE_URL=f"http://127.0.0.1:{self.front}",
            VERSION_DIR=str(folder / "version"),
            WEB_CONCURRENCY="1",
            TRUSTED_PROXIES="1",
        )
        self.number, self.event, self.timeline, self.contact, self.file = json.loads(self.run(CONTENT))
        self.lists = (self.timeline, "/feed/", "/sitemap.xml", f"{self.timeline}embed/")
        self.purged, self.cookies = folder / "version" / "purged", {}
        self.shell = Shell(self.environment, IMPORTS)
        with self.log.open("a") as log:
            self.scheduler = subprocess.Popen(
                [sys.executable, "-c", SCHEDULER], env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )
        self.start_varnish()
        self.start("--log-level=critical")
        self.post("/admin/login/", username="anna", password="a long password")
        assert "sessionid" in self.cookies

    def start_varnish(self):
        program = (ROOT / "deploy" / "varnish.vcl").read_text()
        assert '.port = "8000"' in program
        (self.folder / "site.vcl").write_text(program.replace('"8000"', f'"{self.port}"'))
        place = ["-a", f"127.0.0.1:{self.front}", "-n", self.folder / "varnish", "-j", "none"]
        with (self.folder / "varnish.log").open("a") as log:
            self.varnish = subprocess.Popen(
                [VARNISH, "-F", "-f", self.folder / "site.vcl", "-s", "default,20m", *place],
                stdout=log,
                stderr=log,
            )
        wait_until(self.is_varnish_up)

    def is_varnish_up(self):
        assert self.varnish.poll() is None, (self.folder / "varnish.log").read_text()
        with suppress(OSError):
            return self.ask("/", "PURGE").status == 200

    def stop_varnish(self):
        self.varnish.terminate()
        self.varnish.wait()

    def ask(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.front, timeout=60)
        headers = {"Host": self.url[7:], "Accept-Encoding": "identity", **headers}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.content = response.read()
        connection.close()
        # Varnish names the request that brought the page, too.
        response.is_kept = len(response.headers.get("X-Varnish", "").split()) == 2
        return response

    def keep(self, *paths):
        """Read pages until they come from Varnish, when no purge is left to be done."""
        wait_until(self.is_settled, seconds=4 * SOON)
        for path in paths:
            wait_until(lambda path=path: self.ask(path).is_kept, f"{path} is not kept", SOON)

    def is_settled(self):
        current = (self.purged.parent / "current").readlink().name
        return self.purged.exists() and self.purged.read_text() == current

    def ask_signed_in(self, path, method="GET", body=None, **headers):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        response = self.ask(path, method, body, Cookie=cookie, **headers)
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= [line.partition(";")[0].split("=", 1)]
        return response

    def post(self, path, **form):
        """Send a form of the admin, as the editor's browser would."""
        page = self.ask_signed_in(path).content.decode()
        token = re.search('name="csrfmiddlewaretoken" value="(.*?)"', page)[1]
        body = urlencode(form | {"csrfmiddlewaretoken": token})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert self.ask_signed_in(path, "POST", body, **kind).status == 302

    def publish(self, title):
        assert self.shell.do(PUBLISH.format(title)) == "done"

    def close(self):
        self.shell.end()
        self.stop_varnish()
        for process in (self.scheduler, self.process):
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def site(copy_site):
    site = copy_site(Site)
    yield site
    site.close()


def test_a_change_is_seen_at_once_on_all_pages(site):
    for title in ("First title", "Second title"):
        site.keep(site.event, *site.lists)
        site.publish(title)
        for path in (site.event, *site.lists[:2], f"{site.timeline}embed/"):
            wait_until(lambda path=path, title=title: title.encode() in site.ask(path).content, path, SOON)
    site.keep(site.event)
    assert b"Second title" in site.ask(site.event).content


def test_what_an_editor_takes_down_is_gone_at_once(site):
    site.publish("Taken down")
    wait_until(lambda: b"Taken down" in site.ask(site.event).content, seconds=SOON)
    site.keep(site.event, *site.lists)
    site.post(f"/admin/pages/{site.number}/unpublish/")
    wait_until(lambda: site.ask(site.event).status == 404, seconds=SOON)
    for path in site.lists:
        answer = site.ask(path)
        assert (answer.status, b"Taken down" in answer.content) == (200, False), path
    assert site.event not in site.ask("/sitemap.xml").content.decode()
    # Nor does a missing page stay missing.
    site.post(f"/admin/bulk/wagtailcore/page/publish/?id={site.number}")
    wait_until(lambda: b"Taken down" in site.ask(site.timeline).content, seconds=SOON)
    assert site.ask(site.event).status == 200


def test_a_page_that_became_private_is_gone_at_once(site):
    site.publish("A private matter")
    wait_until(lambda: b"A private matter" in site.ask(site.event).content, seconds=SOON)
    site.keep(site.event, site.timeline)
    restrict = "PageViewRestriction.objects.create(page=event, restriction_type='login')"
    assert site.shell.do(restrict) == "done"
    try:
        wait_until(lambda: b"A private matter" not in site.ask(site.event).content, seconds=SOON)
        assert b"A private matter" not in site.ask(site.timeline).content
        assert not site.ask(site.event).is_kept
        # Who may read it gets it, and nobody else after that.
        assert b"A private matter" in site.ask_signed_in(site.event).content
        assert b"A private matter" not in site.ask(site.event).content
    finally:
        assert site.shell.do("PageViewRestriction.objects.all().delete()") == "done"


def test_nothing_of_an_editor_is_kept(site):
    wait_until(lambda: site.ask(site.event).status == 200, seconds=SOON)
    site.keep(site.event)
    for _time in range(2):
        answer = site.ask_signed_in(site.event)
        assert (answer.status, answer.is_kept) == (200, False)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert b"wagtail-userbar" in answer.content
        assert b"wagtail-userbar" not in site.ask(site.event).content
    for path in ("/admin/", f"/admin/pages/{site.number}/edit/", site.file):
        for _time in range(2):
            answer = site.ask_signed_in(path)
            assert (answer.status, answer.is_kept) == (200, False), path
            assert not site.ask(path).is_kept
    assert site.ask(site.file).status == 404


def test_what_was_typed_and_what_changes_is_not_kept(site):
    paths = [site.contact, "/admin/login/", "/healthz", "/readyz", "/readyz/all", "/search/?q=word"]
    paths += [f"{site.timeline}?q=word", "/nothing/", f"{site.timeline}events.json", "/oembed/?url=a"]
    # Forms of an URL that the site doesn't know: they show the page, and leave none.
    paths += [f"{site.event}?fbclid=1", f"{site.timeline}?year=2018&a=b", f"/{site.timeline}"]
    for path in paths:
        answers = [site.ask(path) for _time in range(3)]
        assert not any(answer.is_kept for answer in answers), path
        assert not answers[0].headers.get("Set-Cookie") or path == "/admin/login/"
    site.keep(f"{site.timeline}?year=2018")


def test_each_kind_of_request_gets_the_same_page(site):
    site.keep(site.event)
    plain, small = site.ask(site.event), site.ask(site.event, **{"Accept-Encoding": "gzip"})
    assert plain.is_kept
    assert small.is_kept
    assert gzip.decompress(small.content) == plain.content
    head = site.ask(site.event, "HEAD")
    assert (head.status, head.is_kept, head.content) == (200, True, b"")
    same = site.ask(site.event, **{"If-None-Match": plain.headers["ETag"]})
    assert (same.status, same.content) == (304, b"")
    # The browser asks again each time. Another site's cookie makes no difference.
    assert plain.headers["Cache-Control"] == "max-age=0, s-maxage=60"
    assert "Content-Security-Policy" in plain.headers
    assert "X-Accel-Expires" not in plain.headers
    assert site.ask(site.event, Cookie="_tracked=1").is_kept
    # Without HTTPS there is another entry, which would be the redirect.
    assert not site.ask(site.event, **{"X-Forwarded-Proto": "other"}).is_kept


def test_only_the_site_can_empty_it(site):
    site.keep(site.event)
    assert site.ask("/*", "PURGE", **{"X-Forwarded-For": "198.51.100.9"}).status == 405
    assert site.ask(site.event).is_kept
    assert site.ask("/*", "PURGE").status == 200
    assert not site.ask(site.event).is_kept


def test_pages_are_read_while_the_site_is_down_and_its_errors_are_not_kept(site):
    site.keep(site.event)
    site.stop()
    try:
        assert site.ask(site.event).is_kept
        assert site.ask("/search/").status == 503
    finally:
        site.start("--log-level=critical")
    assert site.ask("/search/").status == 200


def test_without_varnish_publishing_goes_on_and_is_told_later(site):
    site.stop_varnish()
    begun = time.monotonic()
    site.publish("Published without Varnish")
    assert time.monotonic() - begun < SOON
    wait_until(lambda: "could not be emptied" in site.log.read_text(), seconds=SOON)
    site.start_varnish()
    assert not site.is_settled()
    wait_until(site.is_settled, seconds=4 * SOON)
    assert b"Published without Varnish" in site.ask(site.event).content
    assert "Traceback" not in site.log.read_text()
