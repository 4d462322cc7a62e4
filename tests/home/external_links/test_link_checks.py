"""Links are checked politely, and are dead only after failures on several days."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from home.external_links import link_checks, visiting
from home.external_links.fetching import Reason, Response
from home.external_links.link_checks import CheckResult, LinkCheck
from home.management.commands import check_links
from home.models import ExternalLink
from tests.support import factories
from timeline.models import EventSource

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch):
    monkeypatch.setattr(visiting, "PAUSE", 0)


def link(url="https://a.example/"):
    factories.make_event(sources=[EventSource(title="News", url=url)])
    return ExternalLink.objects.get(url=url)


def check(url):
    return LinkCheck(url).run()


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        *((200, ""), (204, ""), (304, ""), (404, Reason.GONE), (410, Reason.GONE), (401, Reason.CLOSED)),
        *((403, Reason.CLOSED), (451, Reason.CLOSED), (500, Reason.ERROR), (502, Reason.ERROR)),
        *((429, Reason.BUSY), (503, Reason.BUSY)),
    ],
)
def test_each_status_has_a_reason(other_site, status, reason):
    other_site.pages["/a"] = status
    assert check(f"{other_site.url}/a").reason == reason


def test_a_link_is_checked_with_head(other_site):
    other_site.pages["/a"] = b"long"
    assert check(f"{other_site.url}/a#part").reason == ""
    assert other_site.paths == ["GET /robots.txt", "HEAD /a"]


@pytest.mark.parametrize("head", [403, 404, 405, 501, lambda file: None])
def test_a_failed_head_is_followed_by_get(other_site, head):
    other_site.pages |= {"HEAD /a": head, "GET /a": b"long"}
    assert check(f"{other_site.url}/a").reason == ""


@pytest.mark.parametrize("path", ["/robots.txt", "/a"])
def test_a_slow_site_takes_no_more_than_the_time_limit(other_site, monkeypatch, path):
    def drip(file):
        with suppress(OSError):
            file.write(b"HTTP/1.1 200 OK\r\n")
            for _line in range(200):
                file.write(b"a: b\r\n")
                time.sleep(0.1)

    monkeypatch.setattr(link_checks, "TIME_LIMIT", 0.2)
    other_site.pages[path] = drip
    begun = time.monotonic()
    assert check(f"{other_site.url}/a").reason == Reason.SLOW
    # Without a deadline it would take 20 s.
    assert time.monotonic() - begun < 10


def test_a_busy_site_gets_no_second_request(other_site):
    other_site.pages["/a"] = 429, {"Retry-After": "7200"}
    assert check(f"{other_site.url}/a") == CheckResult(Reason.BUSY, 2 * HOUR)
    assert other_site.paths == ["GET /robots.txt", "HEAD /a"]


def test_the_retry_after_header_is_case_insensitive(other_site):
    other_site.pages["/a"] = 429, {"retry-after": "7200"}
    assert check(f"{other_site.url}/a").retry_after == 2 * HOUR


@pytest.mark.parametrize(
    "value",
    [
        *("", "soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT", "٣"),
        "Mon, 01 Jan 2024 00:00:00 +99999999999999",
    ],
)
def test_an_invalid_retry_after_is_ignored(value):
    assert link_checks.retry_after(Response(503, {"Retry-After": value})) == timedelta()


def test_robots_txt_is_respected_and_cached(other_site):
    other_site.pages |= {"/robots.txt": b"User-agent: *\nDisallow: /private", "/private/a": b"", "/a": b""}
    assert check(f"{other_site.url}/private/a").reason == Reason.ROBOTS
    assert other_site.paths == ["GET /robots.txt"]
    assert check(f"{other_site.url}/a").reason == ""
    assert other_site.paths == ["GET /robots.txt", "HEAD /a"], "The robots.txt of a site is cached"


def test_rules_of_robots_txt_for_our_user_agent_are_respected(other_site):
    other_site.pages |= {"/robots.txt": b"User-agent: NewHavenLEADWatch\nDisallow: /\n", "/a": b""}
    assert check(f"{other_site.url}/a").reason == Reason.ROBOTS


def test_robots_txt_is_respected_at_each_hop(other_site):
    other_site.pages |= {"/robots.txt": b"User-agent: *\nDisallow: /private", "/a": "/private/a"}
    assert check(f"{other_site.url}/a").reason == Reason.ROBOTS
    assert "HEAD /private/a" not in other_site.paths


@pytest.mark.parametrize(
    ("robots", "reason"), [(404, ""), (403, ""), (503, Reason.BUSY), (500, Reason.BUSY), ("/robots.txt", "")]
)
def test_a_missing_robots_txt_allows_all_and_a_failing_one_nothing(other_site, robots, reason):
    other_site.pages |= {"/robots.txt": robots, "/a": b""}
    assert check(f"{other_site.url}/a").reason == reason


def test_an_unreadable_robots_txt_allows_all(other_site):
    other_site.pages |= {"/robots.txt": b"\xff\xfe\nUser-agent: *\nDisallow: http://[\n\x00", "/a": b""}
    assert check(f"{other_site.url}/a").reason == ""


def test_a_permanent_redirect_is_recorded(other_site):
    other_site.pages |= {"/a": (301, {"Location": "/b"}), "/b": b""}
    found = check(f"{other_site.url}/a")
    assert found == CheckResult(moved_to=f"{other_site.url}/b")
    thing = link()
    thing.keep(found, NOW)
    assert list(ExternalLink.objects.moved()) == [thing]
    assert not ExternalLink.objects.dead()


def test_there_is_a_pause_between_requests_to_a_site(other_site, monkeypatch):
    other_site.pages["/a"] = b""
    waits = []
    monkeypatch.setattr(visiting, "PAUSE", 5)
    monkeypatch.setattr(visiting.time, "sleep", waits.append)
    check(f"{other_site.url}/a")
    assert len(waits) == 1
    assert 4 < waits[0] <= 5


def test_a_link_is_dead_after_failures_on_several_days():
    thing, now = link(), NOW
    for _day in range(2):
        thing.keep(CheckResult(Reason.GONE), now)
        assert thing.next_check >= now + DAY
        assert not ExternalLink.objects.dead()
        now = thing.next_check
    thing.keep(CheckResult(Reason.NO_SITE), now)
    assert list(ExternalLink.objects.dead()) == [thing]
    assert thing.failing_since == NOW
    thing.keep(CheckResult(), now + DAY)
    assert not ExternalLink.objects.dead()
    assert thing.failing_since is None


@pytest.mark.parametrize("reason", [Reason.BUSY, Reason.NETWORK])
def test_busy_sites_and_network_errors_are_retried_with_backoff(reason):
    thing = link()
    thing.keep(CheckResult(Reason.GONE), NOW)
    waits = []
    for _look in range(12):
        thing.keep(CheckResult(reason), NOW)
        waits.append(thing.next_check - NOW)
    assert waits[:3] == [HOUR, 2 * HOUR, 4 * HOUR]
    assert waits[-1] == timedelta(weeks=1)
    assert (thing.failures, thing.reason) == (1, Reason.GONE), "The earlier result is kept"


def test_a_busy_site_postpones_all_its_links():
    now = timezone.now()
    first, second, other = (
        link("https://a.example/1"),
        link("https://a.example/2"),
        link("https://b.example/"),
    )
    first.keep(CheckResult(Reason.BUSY, retry_after=5 * HOUR), now)
    for each in (first, second):
        each.refresh_from_db()
        assert each.next_check == now + 5 * HOUR
    assert ExternalLink.objects.due(timezone.now(), 10) == [other]


@pytest.mark.parametrize("reason", [Reason.CLOSED, Reason.ROBOTS, Reason.PRIVATE])
def test_links_that_only_a_person_can_check_are_not_dead(reason):
    thing = link()
    for day in range(5):
        thing.keep(CheckResult(reason), NOW + day * DAY)
    assert not ExternalLink.objects.dead()
    assert list(ExternalLink.objects.unknown()) == [thing]


def test_one_link_of_each_site_is_due_longest_waiting_first():
    now = timezone.now()
    for url, hours in (("https://a.example/1", 3), ("https://a.example/2", 1), ("https://b.example/", 2)):
        thing = link(url)
        thing.next_check = now - hours * HOUR
        thing.save()
    later = link("https://c.example/")
    later.next_check = now + HOUR
    later.save()
    assert [each.url for each in ExternalLink.objects.due(now, 10)] == [
        "https://a.example/1",
        "https://b.example/",
    ]
    assert len(ExternalLink.objects.due(now, 1)) == 1


def test_unused_links_are_not_checked():
    thing = link()
    thing.uses.all().delete()
    assert not ExternalLink.objects.due(timezone.now() + DAY, 10)


def test_a_killed_check_is_repeated_later_by_one_worker(monkeypatch):
    thing, same = link(), ExternalLink.objects.get()
    now = timezone.now()
    assert thing.claim(now)
    assert not same.claim(now)
    assert not ExternalLink.objects.due(now, 10)
    assert ExternalLink.objects.due(now + 2 * HOUR, 10) == [thing]


def test_a_run_has_a_time_limit(monkeypatch):
    for number in range(3):
        link(f"https://{number}.example/")
    monkeypatch.setattr(check_links, "TIME_LIMIT", -1)
    assert check_links.check_due_links() == 0


def test_links_are_checked_only_if_the_setting_allows_it(other_site, settings, capsys):
    thing = link(f"{other_site.url}/gone")
    call_command("check_links")
    assert not other_site.asked
    assert "CHECK_LINKS" in capsys.readouterr().out
    settings.CHECK_LINKS = True
    call_command("check_links")
    thing.refresh_from_db()
    assert thing.reason == Reason.GONE
    assert thing.checked_at
    assert other_site.paths[0] == "GET /robots.txt"


def test_a_check_does_not_clear_the_page_cache(django_capture_on_commit_callbacks):
    from leadwatch.page_cache.middleware import content_version

    thing, before = link(), content_version()
    with django_capture_on_commit_callbacks(execute=True):
        thing.keep(CheckResult(Reason.GONE), NOW)
    assert content_version() == before
