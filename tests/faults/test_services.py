"""Readers get pages while PostgreSQL or Redis is stopped, and the site recovers when they are back."""

import os
import shutil
import signal
import subprocess
import tempfile

import pytest
from django.db import connection

from tests.support.breakable import SOON, Site, is_apology, within
from tests.support.postgres import Cluster, free_port, program
from tests.support.waiting import wait_until

# The server's database starts as a copy of the test database.
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


class Redis:
    def __init__(self):
        self.port = free_port()
        self.start()

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        ping = ["redis-cli", "-p", str(self.port), "ping"]
        wait_until(lambda: subprocess.run(ping, capture_output=True).stdout == b"PONG\n")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class LargeSite(Site):
    """Uses a PostgreSQL and a Redis of its own."""

    def __init__(self, folder, database, redis):
        self.database, self.redis = database, redis
        super().__init__(folder, DATABASE_URL=database.url, CACHE_URL=f"redis://127.0.0.1:{redis.port}/0")

    def forget_pages(self):
        subprocess.run(["redis-cli", "-p", str(self.redis.port), "flushall"], stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def site(tmp_path_factory, django_db_setup, django_db_blocker):
    if connection.vendor != "postgresql" or not shutil.which("redis-server"):
        pytest.skip("PostgreSQL and Redis are needed.")
    here = connection.settings_dict
    dump = [program("pg_dump"), "-h", here["HOST"], "-p", str(here["PORT"]), "-U", here["USER"], here["NAME"]]
    # The database's user can't open a folder of pytest's.
    with tempfile.TemporaryDirectory(prefix="leadwatch-postgres-") as folder:
        database, redis = Cluster(folder), Redis()
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as copy:
            load = [program("psql"), "-q", *database.address, "site"]
            subprocess.run(load, stdin=copy.stdout, check=True, stdout=subprocess.DEVNULL)
        with django_db_blocker.unblock():
            site = LargeSite(tmp_path_factory.mktemp("site"), database, redis)
        yield site
        for each in (site, redis, database):
            each.stop()


def test_cached_pages_are_served_while_postgresql_is_stopped(site):
    message, cached = site.message(), [path for path in site.paths if path != "/contact/"]
    assert site.statuses() == {200}
    site.database.stop()
    assert {site.ask(path).status for path in cached} == {200}
    assert all(map(is_apology, [site.ask("/search/?q=lead"), site.ask("/admin/login/"), site.ask(*message)]))
    assert site.ask("/readyz").status == 503
    site.database.start()
    with within(SOON):
        wait_until(lambda: site.ask("/readyz").status == 200)
        assert site.ask(*message).status == 303


def test_pages_are_served_while_redis_is_stopped(site):
    site.redis.stop()
    assert site.statuses() == {200}
    assert site.ask(*site.message()).status == 303
    site.redis.start()
    assert site.statuses() == {200}


def test_pages_are_served_while_redis_hangs(site):
    os.kill(site.redis.process.pid, signal.SIGSTOP)
    try:
        with within(SOON * len(site.paths)):
            assert site.statuses() == {200}
    finally:
        os.kill(site.redis.process.pid, signal.SIGCONT)
    assert site.statuses() == {200}
