"""Tries at passwords and codes are limited for each account and source, and nobody can lock out others."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from home.accounts import throttle
from home.models import TryCounter

pytestmark = pytest.mark.django_db
ATTACKER, ELSEWHERE = "203.0.113.7", "198.51.100.9"


class Clock:
    """The time, which tests set."""

    def __init__(self, now):
        self.now = now

    def wait(self, **span):
        self.now += timedelta(**span)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


def request_from(address, **headers):
    return RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)


def tries(address, count, account="rosa", door="sign-in"):
    """Return how many of `count` tries are allowed."""
    request = request_from(address)
    return [throttle.count_try(request, door, account) for _ in range(count)].count(0)


def test_ten_tries_are_allowed_and_the_next_says_how_long_to_wait(clock):
    assert tries(ATTACKER, 10) == 10
    clock.wait(minutes=5)
    assert throttle.count_try(request_from(ATTACKER), "sign-in", "rosa") == 10 * 60
    clock.wait(minutes=10)
    assert tries(ATTACKER, 20) == 10


@pytest.mark.parametrize(
    "start", [datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 2, 23, 50, tzinfo=UTC)]
)
@pytest.mark.parametrize("pause", [40, 300, 899])
def test_no_span_of_fifteen_minutes_has_more_than_ten_tries(clock, start, pause):
    clock.now = start
    allowed = []
    for _ in range(70):
        if tries(ATTACKER, 1):
            allowed.append(clock.now)
        clock.wait(seconds=pause)
    for first in allowed:
        assert sum(first <= at < first + timedelta(minutes=15) for at in allowed) <= 10
    # Waiting is enough to try again.
    assert len(allowed) > 10


def test_another_account_another_door_and_another_source_have_tries_of_their_own():
    assert tries(ATTACKER, 11) == 10
    assert tries(ATTACKER, 11, account="lena") == 10
    assert tries(ATTACKER, 11, door="second factor") == 10
    assert tries(ELSEWHERE, 11) == 10


@pytest.mark.parametrize("spelling", ["ROSA", " rosa ", "ｒｏｓａ"])
def test_other_spellings_of_an_account_are_the_same_account(spelling):
    assert tries(ATTACKER, 10) == 10
    assert tries(ATTACKER, 1, account=spelling) == 0


def test_one_source_has_a_hundred_tries_for_all_accounts_together():
    assert sum(tries(ATTACKER, 10, account=f"name {number}") for number in range(20)) == 100
    assert tries(ATTACKER, 1, account="rosa") == 0
    assert tries(ELSEWHERE, 1, account="rosa") == 1


def test_who_has_many_ipv6_networks_has_no_more_tries_than_one_source():
    assert sum(tries(f"2001:db8:1:{number:x}::1", 10) for number in range(60)) == 100
    assert tries("2001:db8:1:ffff::1", 1, account="lena") == 0
    assert tries("2001:db8:2::1", 1) == 1


def test_many_sources_get_fewer_tries_but_none_is_locked_out():
    assert sum(tries(f"203.0.113.{number}", 20) for number in range(10)) == 100
    assert sum(tries(f"203.0.113.{number}", 20) for number in range(10, 50)) == 40 * 3
    assert tries(ELSEWHERE, 20) == 3
    assert tries(ELSEWHERE, 20, account="lena") == 10


def test_success_forgives_earlier_tries_from_there_only():
    request = request_from(ELSEWHERE)
    assert tries(ATTACKER, 11) == 10
    assert tries(ELSEWHERE, 9) == 9
    throttle.forgive(request, "sign-in", "rosa")
    assert tries(ELSEWHERE, 11) == 10
    assert tries(ATTACKER, 1) == 0


def test_a_counter_that_another_request_made_meanwhile_counts():
    """On PostgreSQL, another request may commit between looking for a counter and making one."""
    now, others = timezone.now(), []

    def count_elsewhere(execute, sql, *arguments):
        result = execute(sql, *arguments)
        if not others:
            others.append(throttle._key(now.date(), ("rosa",)))
            TryCounter.objects.create(key=others[0], count=7, until=now + throttle.WINDOW)
        return result

    with connection.execute_wrapper(count_elsewhere):
        assert throttle._counter("rosa").count == 7


def test_somebody_who_signs_in_often_does_not_use_up_the_tries_of_others_nearby():
    for _ in range(200):
        assert tries(ELSEWHERE, 1) == 1
        throttle.forgive(request_from(ELSEWHERE), "sign-in", "rosa")
    assert tries(ELSEWHERE, 11, account="lena") == 10


def test_success_with_an_account_of_ones_own_does_not_give_tries_for_others():
    for _ in range(10):
        tries(ATTACKER, 1, account="rosa")
        tries(ATTACKER, 1, account="own")
        throttle.forgive(request_from(ATTACKER), "sign-in", "own")
    assert tries(ATTACKER, 1, account="rosa") == 0


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "source"),
    [
        (0, "203.0.113.7", None, "203.0.113.7"),
        (0, "203.0.113.7", "198.51.100.9", "203.0.113.7"),
        (1, "127.0.0.1", "198.51.100.9", "198.51.100.9"),
        (1, "", "198.51.100.9", "198.51.100.9"),
        (1, "127.0.0.1", "192.0.2.1, 198.51.100.9", "198.51.100.9"),
        (2, "127.0.0.1", "192.0.2.1, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
        (1, "203.0.113.7", None, "203.0.113.7"),
        (1, "127.0.0.1", "::ffff:198.51.100.9", "198.51.100.9"),
        (1, "127.0.0.1", "2001:db8:1:2:aaaa::1", "20010db800010002::"),
        (1, "127.0.0.1", "2001:db8:1:2:bbbb::2", "20010db800010002::"),
        (0, "fe80::1%eth0", None, "fe80000000000000::"),
        (1, "127.0.0.1", "198.51.100.9:40001", "198.51.100.9"),
        (1, "127.0.0.1", "192.0.2.1:7, 198.51.100.9:40002", "198.51.100.9"),
        (1, "127.0.0.1", "[2001:db8:1:2:aaaa::1]:40001", "20010db800010002::"),
        (1, "127.0.0.1", "[2001:db8:1:2:bbbb::2]", "20010db800010002::"),
        (1, "127.0.0.1", "[::ffff:198.51.100.9]:40001", "198.51.100.9"),
        (1, "127.0.0.1", "unknown", ""),
        (1, "127.0.0.1", "_hidden1:40001", ""),
        (1, "127.0.0.1", "198.51.100.9:x", ""),
    ],
)
def test_the_source_is_what_the_trusted_proxies_saw(settings, proxies, remote, forwarded, source):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert throttle.source_of(request_from(remote, **headers)) == source


def test_an_unknown_proxy_is_logged_once_without_an_address(caplog):
    throttle.warn_about_proxy.cache_clear()
    for _ in range(3):
        throttle.source_of(request_from("127.0.0.1", **{"X-Forwarded-For": ELSEWHERE}))
    assert caplog.text.count("TRUSTED_PROXIES is not set") == 1
    assert ELSEWHERE not in caplog.text


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM home_trycounter")
        return str(cursor.fetchall())


def test_the_counters_name_nobody_and_differ_from_day_to_day(clock):
    tries(ATTACKER, 1)
    first = set(TryCounter.objects.values_list("key", flat=True))
    assert ATTACKER not in stored()
    assert "rosa" not in stored()
    clock.wait(days=2)
    tries(ATTACKER, 1)
    assert len(first) == 3
    assert TryCounter.objects.exclude(key__in=first).count() == 3


def test_the_scheduler_deletes_expired_counters(clock):
    tries(ATTACKER, 3)
    clock.wait(minutes=10)
    tries(ELSEWHERE, 3)
    clock.wait(minutes=5)
    call_command("delete_expired", verbosity=0)
    # Those of the second source, and of the account.
    assert TryCounter.objects.count() == 3
    clock.wait(minutes=10)
    call_command("delete_expired", verbosity=0)
    assert not TryCounter.objects.exists()


def test_people_still_get_in_if_tries_cannot_be_counted(caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE home_trycounter RENAME TO elsewhere")
    assert tries(ATTACKER, 12) == 12
    throttle.forgive(request_from(ATTACKER), "sign-in", "rosa")
    assert "cannot be counted: OperationalError." in caplog.text or "ProgrammingError" in caplog.text
    assert "rosa" not in caplog.text
    assert ATTACKER not in caplog.text
