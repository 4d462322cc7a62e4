"""nginx keeps pages for visitors, also while the site is down, and never sends an old one."""

import gzip
import http.client
import os
import random
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.support.copies import CopiedSite
from tests.support.nginx import NGINX, around, configured
from tests.support.postgres import free_port
from tests.support.shells import Shell
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not NGINX or os.geteuid() != 0, reason="no nginx, or not root"),
]

HOST, OTHER_HOST = "leadwatch.example.org", "other.example.org"
SESSION = {"Cookie": "a=b; __Host-sessionid=c"}
CONTENT = """
from tests.support import factories
timeline = factories.make_timeline()
event = factories.make_event(title="Version 0")
print(event.url)
"""
IMPORTS = """
import os, signal
from django.db import connection, transaction
from leadwatch.page_cache import version_link
from timeline.models import EventPage
from home.models import GlossaryTerm
from wagtail.models import Page
event = EventPage.objects.get()
"""
# Ways in which the title changes.
CHANGES = {
    "publish": "event.title = {title!r}; event.save_revision().publish()",
    "update": "Page.objects.filter(pk=event.pk).update(title={title!r})",
    "save": "event.title = {title!r}; event.save()",
    "SQL": "connection.cursor().execute('UPDATE wagtailcore_page SET title = %s', [{title!r}])",
    "transaction": "transaction.atomic(transaction.atomic(Page.objects.update))(title={title!r})",
}


class Site(CopiedSite):
    """The site and nginx, whose processes run as another user."""

    def __init__(self, folder):
        # pytest's folders are closed to other users.
        self.public = Path(tempfile.mkdtemp(prefix="leadwatch-nginx-"))
        self.public.chmod(0o755)
        self.versions = self.public / "version"
        super().__init__(
            folder,
            BASE_URL=f"https://{HOST}",
            ALLOWED_HOSTS=f"{HOST},{OTHER_HOST}",
            TRUSTED_PROXIES="1",
            VERSION_DIR=str(self.versions),
            # Nothing empties it here.
            FRONTEND_CACHE_URL="http://127.0.0.1:6081",
        )
        self.event = self.run(CONTENT).split()[-1]
        self.shell = Shell(self.environment, IMPORTS)
        self.do = self.shell.do
        self.start("--log-level=critical")
        self.start_nginx()

    def is_up(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.ask("/healthz", port=self.port, **{"X-Forwarded-Proto": "https"}).status == 200
        except OSError:
            return False

    def start_nginx(self):
        self.nginx_port = free_port()
        config = configured(self.nginx_port, self.port, self.public)
        for told, here in (
            # Without TLS here.
            ("proxy_set_header X-Forwarded-Proto $scheme", "proxy_set_header X-Forwarded-Proto https"),
        ):
            assert told in config
            config = config.replace(told, str(here))
        (self.public / "nginx.conf").write_text(around(config).replace("user root;", "user www-data;"))
        self.nginx = subprocess.Popen([NGINX, "-p", self.public, "-c", "nginx.conf", "-e", "all.log"])
        wait_until((self.public / "nginx.pid").exists)

    def ask(self, path, method="GET", host=HOST, port=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.nginx_port, timeout=60)
        connection.request(method, path, headers={"Host": host, "Accept-Encoding": "identity", **headers})
        response = connection.getresponse()
        response.content = response.read()
        connection.close()
        return response

    def title(self, **headers):
        response = self.ask(self.event, **headers)
        assert response.status == 200
        return re.search("<h1[^>]*>\\s*(.*?)\\s*</h1>", response.content.decode(), re.DOTALL)[1]

    def kept(self, name="leadwatch-pages"):
        """Return the URLs that nginx keeps."""
        files = [path for path in (self.public / name).rglob("*") if path.is_file()]
        return [re.search(rb"KEY: .*?https?(.*)", path.read_bytes())[1].decode() for path in files]

    def restart(self):
        self.start("--log-level=critical")

    def close(self):
        self.shell.end()
        self.nginx.terminate()
        self.nginx.wait()
        self.stop()
        shutil.rmtree(self.public)


@pytest.fixture(scope="module")
def site(copy_site):
    site = copy_site(Site)
    yield site
    site.close()


@pytest.fixture
def stopped(site):
    """Stop the site, and start it again after the test."""
    yield site.stop
    site.restart()


@pytest.mark.parametrize("change", CHANGES)
def test_the_next_request_gets_the_change(site, change):
    for number in range(3):
        title = f"After {change} {number}"
        assert site.do(CHANGES[change].format(title=title)) == "done"
        # The second one comes from nginx.
        assert [site.title() for _time in range(2)] == [title] * 2


def test_a_new_row_counts_at_once(site):
    """SQLite commits such a row only when its ID is read."""
    site.title()
    before = os.readlink(site.versions / "current")
    assert site.do("GlossaryTerm.objects.create(term='LEAD', definition='Diversion')") == "done"
    assert os.readlink(site.versions / "current") != before
    assert site.do("GlossaryTerm.objects.all().delete()") == "done"


def test_a_change_that_is_rolled_back_moves_no_link(site):
    site.do(CHANGES["update"].format(title="Before"))
    before = os.readlink(site.versions / "current")
    rolled_back = "lambda: Page.objects.update(title='Never') and transaction.set_rollback(True)"
    assert site.do(f"transaction.atomic({rolled_back})()") == "done"
    assert os.readlink(site.versions / "current") == before


def test_a_process_that_dies_after_its_commit_leaves_no_old_page_for_long(site):
    site.do(CHANGES["update"].format(title="Before"))
    assert site.title() == "Before"
    site.do("version_link._follow = lambda *args: os.kill(os.getpid(), signal.SIGKILL)")
    assert site.do(CHANGES["update"].format(title="After death")) == ""
    wait_until(lambda: site.title() == "After death", seconds=5)


def test_random_changes_and_readers_meet_no_old_page(site):
    chance = random.Random(21)
    title = site.title()
    for number in range(60):
        if chance.random() < 0.4:
            title = f"Random {number}"
            line = CHANGES[chance.choice(list(CHANGES))].format(title=title)
            assert site.do(line) == "done"
        headers = chance.choice([{}, SESSION, {"Accept-Encoding": "gzip"}, {"Cookie": "a=b"}])
        if "Accept-Encoding" in headers:
            assert title in gzip.decompress(site.ask(site.event, **headers).content).decode()
        else:
            assert site.title(**headers) == title


def test_each_kind_of_request_gets_the_same_page(site):
    site.do(CHANGES["update"].format(title="The same"))
    first, plain = site.ask(site.event, **{"Accept-Encoding": "gzip"}), site.ask(site.event)
    again = site.ask(site.event, **{"Accept-Encoding": "gzip, deflate, br"})
    other = site.ask(site.event, **{"Accept-Encoding": "br"})
    assert first.headers["Content-Encoding"] == again.headers["Content-Encoding"] == "gzip"
    assert first.content == again.content
    assert gzip.decompress(first.content) == plain.content == other.content
    assert plain.headers["Content-Encoding"] is other.headers["Content-Encoding"] is None
    direct = site.ask(site.event, port=site.port, **{"X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"})
    assert direct.content == first.content
    varying = {"Date", "Server", "Connection", "X-Accel-Expires", "X-Process", "X-Writes"}
    for response in (first, again):
        assert sorted(named(response, varying)) == sorted(named(direct, varying))
    assert {"Content-Security-Policy", "ETag", "Last-Modified", "Vary"} <= {*again.headers}
    assert "X-Accel-Expires" not in again.headers

    head = site.ask(site.event, "HEAD", **{"Accept-Encoding": "gzip"})
    assert (head.status, head.content) == (200, b"")
    assert sorted(named(head, varying)) == sorted(named(first, varying))
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for condition in ({"If-None-Match": etag}, {"If-None-Match": etag.removeprefix("W/")}):
        answer = site.ask(site.event, **condition)
        assert (answer.status, answer.content) == (304, b"")
    assert site.ask(site.event, **{"If-Modified-Since": modified}).status == 304
    assert site.ask(site.event, **{"If-None-Match": '"other"'}).status == 200
    part = site.ask(site.event, Range="bytes=0-9", **{"Accept-Encoding": "gzip"})
    assert part.content in (first.content, first.content[:10])


def named(response, without):
    return [pair for pair in response.headers.items() if pair[0] not in without]


def test_nothing_of_a_person_is_kept(site):
    site.do(CHANGES["update"].format(title="For a person"))
    before = sorted(site.kept())
    for headers in (SESSION, {"Cookie": "__Host-sessionid=c"}, {"Cookie": "a=b;__Host-sessionid=c"}):
        assert site.ask(site.event, **headers).headers["Cache-Control"] == "private, no-store"
    for path in (
        "/admin/login/",
        "/healthz",
        "/readyz",
        "/search/?q=word",
        "/nothing/",
        f"{site.event}?q=word",
    ):
        site.ask(path)
    site.ask(site.event, "POST")
    assert sorted(site.kept()) == before
    assert site.kept("leadwatch-filters") == []


def test_only_the_one_form_of_a_url_is_kept(site):
    site.do(CHANGES["update"].format(title="One form"))
    before = len(site.kept())
    timeline = site.event.rsplit("/", 2)[0] + "/"
    forms = [f"{timeline}?year=2018", f"{timeline}?order=newest&year=2018"]
    others = [f"{timeline}?year=2018&order=newest", f"{timeline}?year=2018&utm_source=a", f"{timeline}?a=b"]
    others += [f"{timeline}?", f"{timeline}?q=word", timeline.replace("t", "%74"), f"/{timeline}"]
    for path in [*forms, *others, *(f"{site.event}?fbclid={number}" for number in range(20))]:
        site.ask(path)
    assert sorted(site.kept("leadwatch-filters")) == [f"{HOST}{path}" for path in sorted(forms)]
    assert len(site.kept()) == before


def test_each_host_has_pages_of_its_own(site):
    site.do(CHANGES["update"].format(title="Two hosts"))
    for host in (HOST, OTHER_HOST) * 2:
        response = site.ask(site.event, host=host)
        assert (response.status, b"Two hosts" in response.content) == (200, True)
    assert site.ask(site.event, host="attacker.example").status == 400
    assert {f"{HOST}{site.event}", f"{OTHER_HOST}{site.event}"} <= {*site.kept()}
    assert not any("attacker" in key for key in site.kept())


def test_pages_are_read_while_the_site_is_down(site, stopped):
    site.do(CHANGES["update"].format(title="Still there"))
    before = site.ask(site.event, **{"Accept-Encoding": "gzip"})
    stopped()
    after = site.ask(site.event, **{"Accept-Encoding": "gzip"})
    assert (after.status, after.content) == (200, before.content)
    assert after.headers["Content-Security-Policy"] == before.headers["Content-Security-Policy"]
    assert site.ask(site.event, **{"If-None-Match": before.headers["ETag"]}).status == 304
    for answer in (site.ask(site.event, **SESSION), site.ask("/search/"), site.ask(site.event, "POST")):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")


def test_right_after_a_change_the_version_before_stands_in(site, stopped):
    site.do(CHANGES["update"].format(title="The version before"))
    assert site.title() == "The version before"
    stopped()
    assert site.ask(site.event).headers["Cache-Control"] == "max-age=0, s-maxage=60"
    # It has stood for a while.
    age(site.versions / "current", 70)
    for number in range(3):
        site.do(CHANGES["update"].format(title=f"Nobody has read {number}"))
    assert site.title() == "The version before"
    # A CDN that was emptied at the change must not keep it.
    assert site.ask(site.event).headers["Cache-Control"] == "no-cache"
    assert site.ask("/search/").status == site.ask(site.event, **SESSION).status == 503
    # What was withdrawn doesn't come back much later.
    age(site.versions / "current", 3700)
    site.do("version_link.follow(__import__('leadwatch.page_cache.versions', fromlist=['x']).read_version)")
    assert site.ask(site.event).status == 503


def age(link, seconds):
    moment = link.lstat().st_mtime - seconds
    os.utime(link, (moment, moment), follow_symlinks=False)


def test_pages_are_read_while_the_database_is_gone(site):
    site.do(CHANGES["update"].format(title="Without a database"))
    assert site.title() == "Without a database"
    site.shell.end()
    away = site.folder / "away"
    away.mkdir()
    for path in site.folder.glob("db.sqlite3*"):
        path.rename(away / path.name)
    try:
        assert site.title() == "Without a database"
        assert site.ask("/search/").status == 503
    finally:
        for path in site.folder.glob("db.sqlite3*"):
            path.unlink()
        for path in away.iterdir():
            path.rename(site.folder / path.name)
    site.do(CHANGES["update"].format(title="With a database"))
    assert site.title() == "With a database"


def test_a_new_server_starts_with_an_empty_cache(site):
    site.title()
    before = os.readlink(site.versions / "current")
    site.stop()
    site.restart()
    after = os.readlink(site.versions / "current")
    assert after != before
    assert after.partition("-")[2] == before.partition("-")[2]


def test_without_the_link_nginx_keeps_nothing(site):
    """Its processes may not reach the folder. An old page would stay forever."""
    site.public.joinpath("version").chmod(0o700)
    try:
        for number in range(3):
            site.do(CHANGES["update"].format(title=f"Unreachable {number}"))
            assert [site.title() for _time in range(2)] == [f"Unreachable {number}"] * 2
    finally:
        site.public.joinpath("version").chmod(0o755)
