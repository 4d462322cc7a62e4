"""The cache in front of the site is emptied after each change, soon, not too often, and until it worked."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from wagtail.contrib.frontend_cache.backends.base import BaseBackend
from wagtail.contrib.frontend_cache.utils import get_backends

from leadwatch.cdn import backends, purging
from leadwatch.cdn.backends import PurgeError
from leadwatch.management.commands import scheduler
from leadwatch.page_cache import version_link
from leadwatch.settings.environment import read

TOKEN = "not-to-be-logged"
service = SimpleNamespace(purges=0, error=None)


class Service(BaseBackend):
    def purge(self, url):
        assert url == "https://leadwatch.test/*"
        if service.error:
            raise service.error
        service.purges += 1


class Clock:
    """The time of the process, and of files, in seconds."""

    def __init__(self, monkeypatch):
        self.now = 1_000_000.0
        for name in ("time", "monotonic"):
            monkeypatch.setattr(purging.time, name, lambda: self.now)

    def pass_seconds(self, seconds, purger):
        """Look once a second, as the scheduler does. Return the number of purges in each."""
        counts = []
        for _second in range(seconds):
            before = service.purges
            purger.look()
            counts.append(service.purges - before)
            if counts[-1]:
                os.utime(purging.state(), (self.now, self.now))
            self.now += 1
        return counts


@pytest.fixture
def clock(tmp_path, settings, monkeypatch):
    settings.VERSION_DIR, settings.BASE_URL = tmp_path / "version", "https://leadwatch.test"
    settings.WAGTAILFRONTENDCACHE = {"default": {"BACKEND": f"{__name__}.Service"}}
    service.purges, service.error = 0, None
    change(1)
    return Clock(monkeypatch)


def change(number):
    assert version_link.follow(lambda: f"{number}.a")


def test_a_change_empties_the_cache_at_once_and_again_for_what_was_on_its_way(clock):
    purger = purging.Purger()
    assert clock.pass_seconds(30, purger) == [1, *[0] * 9, 1, *[0] * 19]
    change(2)
    assert clock.pass_seconds(30, purger) == [1, *[0] * 9, 1, *[0] * 19]


def test_many_changes_empty_it_a_few_times_and_the_last_one_counts(clock):
    purger, counts = purging.Purger(), []
    for number in range(2, 32):
        change(number)
        counts += clock.pass_seconds(2, purger)
    assert sum(counts) == 6
    assert sum(clock.pass_seconds(30, purger)) == 2
    assert purging.last_purge()[0] == version_link.current()


def test_a_new_scheduler_goes_on_where_the_last_one_was(clock):
    assert clock.pass_seconds(3, purging.Purger()) == [1, 0, 0]
    assert clock.pass_seconds(9, purging.Purger()) == [0] * 7 + [1, 0]
    assert clock.pass_seconds(20, purging.Purger()) == [0] * 20


def test_a_new_web_server_empties_it(clock):
    purger = purging.Purger()
    clock.pass_seconds(30, purger)
    assert version_link.follow(lambda: "1.a", is_new_server=True)
    assert sum(clock.pass_seconds(30, purger)) == 2


def test_a_failure_is_logged_and_tried_again(clock, caplog):
    purger, service.error = purging.Purger(), PurgeError("it answered with status 429")
    assert sum(clock.pass_seconds(20, purger)) == 0
    lines = [record.getMessage() for record in caplog.records]
    assert [line.rpartition("in ")[2] for line in lines] == ["1 s.", "2 s.", "4 s.", "8 s.", "16 s."]
    assert "could not be emptied (it answered with status 429)" in lines[0]
    service.error = ValueError(TOKEN)
    clock.pass_seconds(20, purger)
    assert TOKEN not in caplog.text
    service.error = None
    assert sum(clock.pass_seconds(60, purger)) == 2
    # The next failure begins anew.
    service.error = PurgeError("it is away")
    change(2)
    clock.pass_seconds(1, purger)
    assert "in 1 s" in caplog.records[-1].getMessage()


def test_a_clock_that_was_set_back_delays_nothing(clock):
    purger = purging.Purger()
    clock.pass_seconds(1, purger)
    clock.now -= 3600
    change(2)
    assert clock.pass_seconds(1, purger) == [1]


def test_without_a_version_nothing_is_asked(clock):
    assert version_link.follow(lambda: None)
    assert clock.pass_seconds(5, purging.Purger()) == [0] * 5


@pytest.mark.django_db
def test_the_scheduler_does_it_beside_its_jobs(clock, settings, monkeypatch):
    started = []
    monkeypatch.setattr(scheduler, "JOBS", [])
    monkeypatch.setattr(scheduler, "keep_going", lambda *args: None)
    monkeypatch.setattr(scheduler, "Thread", lambda **options: started.append(options) or Quiet)
    call_command("scheduler")
    assert [options["target"] for options in started] == [scheduler.watch]
    call_command("scheduler", once=True)
    assert service.purges == 1
    settings.WAGTAILFRONTENDCACHE = {}
    call_command("scheduler")
    call_command("scheduler", once=True)
    assert (len(started), service.purges) == (1, 1)


Quiet = SimpleNamespace(start=lambda: None)


@pytest.fixture
def stand_in():
    """A service that records requests, and answers what `answer` says."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.asked.append((self.command, self.path, self.headers, body))
            status, text = server.answer
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_PURGE = answer

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.answer = [], (200, b"{}")
        server.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield server
        server.shutdown()


def backend(address):
    """Return the backend that a value of FRONTEND_CACHE_URL means."""
    (found,) = get_backends(read({"FRONTEND_CACHE_URL": address}).frontend_cache).values()
    return found


def test_varnish_gets_a_purge_request_for_everything(stand_in):
    backend(f"{stand_in.url}/").purge("https://leadwatch.test/*")
    ((method, path, headers, _body),) = stand_in.asked
    assert (method, path, headers["Host"]) == ("PURGE", "/*", "leadwatch.test")


def test_cloudflare_is_asked_to_purge_everything(stand_in, monkeypatch):
    monkeypatch.setattr(backends, "CLOUDFLARE", f"{stand_in.url}/client/v4")
    cloudflare = backend(f"cloudflare://{TOKEN}@0123abcd")
    stand_in.answer = 200, b'{"success": true, "errors": [], "result": {"id": "0123abcd"}}'
    cloudflare.purge("https://leadwatch.test/*")
    ((method, path, headers, body),) = stand_in.asked
    assert (method, path) == ("POST", "/client/v4/zones/0123abcd/purge_cache")
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"purge_everything": True}
    stand_in.answer = 200, b'{"success": false, "errors": [{"code": 1012}]}'
    with pytest.raises(PurgeError, match="refused"):
        cloudflare.purge("https://leadwatch.test/*")


@pytest.mark.parametrize("status", [302, 403, 429, 500])
def test_a_refusal_is_a_failure(stand_in, status):
    stand_in.answer = status, b"no"
    with pytest.raises(PurgeError, match=f"status {status}"):
        backend(stand_in.url).purge("https://leadwatch.test/*")
    assert len(stand_in.asked) == 1


def test_cloudfront_is_asked_to_invalidate_everything(monkeypatch):
    moto = pytest.importorskip("moto")
    import boto3

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", TOKEN)
    with moto.mock_aws():
        client = boto3.client("cloudfront")
        origin = {"Id": "site", "DomainName": "origin.test", "CustomOriginConfig": ORIGIN}
        behavior = {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only"}
        made = client.create_distribution(
            DistributionConfig={
                "CallerReference": "one",
                "Comment": "",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [origin]},
                "DefaultCacheBehavior": behavior,
            }
        )
        number = made["Distribution"]["Id"]
        for _time in range(2):
            backend(f"cloudfront://{number}").purge("https://leadwatch.test/*")
        found = client.list_invalidations(DistributionId=number)["InvalidationList"]["Items"]
        assert len(found) == 2
        told = client.get_invalidation(DistributionId=number, Id=found[0]["Id"])["Invalidation"]
        assert told["InvalidationBatch"]["Paths"] == {"Quantity": 1, "Items": ["/*"]}
        with pytest.raises(PurgeError, match="NoSuchDistribution"):
            backend("cloudfront://E0NONE").purge("https://leadwatch.test/*")


ORIGIN = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
