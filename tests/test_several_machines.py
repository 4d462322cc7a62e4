"""
Two machines, each with a web server, a worker and a scheduler, share a database, a Redis and a bucket.
"""

import json
import re
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3
from django.db import connection

from tests.support.bucket import BucketServer
from tests.support.copies import ROOT, CopiedSite, copy_database
from tests.support.postgres import free_port
from tests.support.waiting import wait_until

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
OPERATIONS = ROOT / "docs" / "operations.md"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres,
    pytest.mark.skipif(not NGINX or not shutil.which("redis-server"), reason="no nginx or no Redis"),
]
NGINX_CONFIG = """
daemon off; pid nginx.pid; error_log all.log warn;
events {{}}
http {{
    access_log off; client_body_temp_path bodies; proxy_temp_path answers;
    {machines}
    server {{
        listen 127.0.0.1:{port};
        proxy_set_header Host $host:{port};
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        location / {{ proxy_pass http://leadwatch; }}
        {static}
    }}
}}
"""
CONTENT = """
import json
from datetime import timedelta
from django.utils import timezone
from home.mail.outbox import queue
from django.core.mail import EmailMessage
from home.models import User
from tests.support import factories

User.objects.create_superuser("editor", password="a long password")
event = factories.make_event(lead_image=factories.make_image())
draft = factories.make_event(title="Published just now", live=False)
past = timezone.now() - timedelta(minutes=5)
for _number in range(5):
    factories.make_event(live=False).save_revision(approved_go_live_at=past)
queue([EmailMessage("Subject", "Words", to=["editor@example.org"]) for _number in range(5)])
print(json.dumps([draft.pk, event.url]))
"""
DONE = """
import json
from wagtail.models import PageLogEntry
from home.mail.models import OutgoingMail
logs = PageLogEntry.objects.filter(action="wagtail.publish.scheduled")
print(json.dumps([list(logs.values_list("page_id", flat=True)), OutgoingMail.objects.count()]))
"""


class Machine(CopiedSite):
    """One machine. The folder stands for its disk."""

    def __init__(self, folder, environment):
        (folder / "static").mkdir(parents=True)
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment | {"DATA_DIR": str(folder)}
        self.log = folder / "server.log"
        self.background, self.process = [], None

    def start_background(self):
        for command in (["db_worker", "--no-startup-delay"], ["scheduler"]):
            with self.log.open("a") as log:
                process = subprocess.Popen(
                    [sys.executable, "manage.py", *command],
                    env=self.environment,
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                )
            self.background.append(process)

    def restart(self):
        super().stop()
        self.start()

    def stop(self):
        processes = [*self.background, *filter(None, [self.process])]
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


class Site:
    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = urllib3.PoolManager(timeout=60, retries=False, maxsize=40)
        self.cookies = {}
        self.bucket, redis_port = BucketServer(), free_port()
        (folder / "mails").mkdir()
        environment = {
            **copy_database(folder),
            **self.bucket.variables,
            "DJANGO_SETTINGS_MODULE": "tests.support.mortal",
            "BASE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": f"filemail:///{folder / 'mails'}",
            "CACHE_URL": f"redis://127.0.0.1:{redis_port}/0",
            "TRUSTED_PROXIES": "1",
            "WEB_CONCURRENCY": "1",
            "PYTHONPATH": str(ROOT),
        }
        self.machines = [Machine(folder / name, environment) for name in ("first", "second")]
        # As during an upgrade.
        (self.machines[0].folder / "static" / "new.css").write_text("a {}")
        self.commands = [
            ["redis-server", "--port", str(redis_port), "--save", ""],
            [NGINX, "-p", folder, "-c", self.nginx(), "-e", "all.log"],
        ]
        self.servers = []

    def start(self):
        for command in self.commands:
            self.servers.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        self.draft, self.path = json.loads(self.machines[0].run(CONTENT).splitlines()[-1])
        for machine in self.machines:
            machine.start_background()
        with ThreadPoolExecutor() as pool:
            list(pool.map(Machine.start, self.machines))

    def nginx(self):
        """Write the documented configuration with the addresses of our machines. Return its name."""
        machines, static = re.findall(
            r"```\n((?:upstream|location) .*?)```", OPERATIONS.read_text(), re.DOTALL
        )
        for told, machine in zip(("10.0.0.11:8000", "10.0.0.12:8000"), self.machines, strict=True):
            assert told in machines
            machines = machines.replace(told, machine.url.removeprefix("http://"))
        config = NGINX_CONFIG.format(machines=machines, static=static, port=self.port)
        (self.folder / "nginx.conf").write_text(config)
        return "nginx.conf"

    def ask(self, path, form=None, machine=None, **headers):
        """Send a request to a machine, or to the one that nginx chooses."""
        headers["Host"] = f"127.0.0.1:{self.port}"
        if form is not None:
            headers |= {"X-CSRFToken": self.cookies["csrftoken"], "Referer": self.url}
        if self.cookies and headers.pop("signed_in", False):
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        url = (machine.url if machine else self.url) + path
        response = self.http.request(
            "GET" if form is None else "POST", url, fields=form, headers=headers, redirect=False
        )
        for name, value in re.findall(
            r"(sessionid|csrftoken)=(\w+)", str(response.headers.getlist("Set-Cookie"))
        ):
            self.cookies[name] = value
        return response

    def edit(self, path, form=None, machine=None):
        return self.ask(path, form, machine, signed_in=True)

    def picture(self):
        """Return the address of a picture on a page."""
        return re.search(r"/media/images/[^\s\"]+", self.ask(self.path).data.decode())[0]

    def stop(self):
        for machine in self.machines:
            machine.stop()
        for server in self.servers:
            server.terminate()
            server.wait()
        self.bucket.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory, django_db_setup, django_db_blocker):
    if connection.vendor != "postgresql":
        pytest.skip("Several machines need PostgreSQL.")
    with django_db_blocker.unblock():
        site = Site(tmp_path_factory.mktemp("site"))
    try:
        site.start()
        yield site
    finally:
        site.stop()


def assert_what_is_published_on_one_machine_is_seen_on_the_other_at_once(site):
    first, second = site.machines
    for machine in (first, second, None):
        assert "Published just now" not in site.ask("/timeline/", machine=machine).data.decode()
    site.edit("/admin/login/", machine=first)
    site.edit("/admin/login/", {"username": "editor", "password": "a long password"}, machine=first)
    # The session is known to both.
    assert site.edit("/admin/", machine=second).status == 200
    publish = f"/admin/bulk/wagtailcore/page/publish/?id={site.draft}"
    assert site.edit(publish, {"include_descendants": ""}, machine=second).status == 302
    for machine in (first, second, None):
        assert "Published just now" in site.ask("/timeline/", machine=machine).data.decode()


def assert_what_is_uploaded_to_one_machine_is_served_by_the_other(site):
    first, second = site.machines
    form = {"title": "Minutes of May", "file": ("minutes.txt", b"Words"), "kept_file": "", "tags": ""}
    assert site.edit("/admin/documents/add/", form | {"collection": "1"}, machine=first).status == 302
    (address,) = re.findall(
        r"/files/\d+/minutes\.txt", site.edit("/admin/documents/", machine=second).data.decode()
    )[:1]
    assert site.edit(address, machine=second).data == b"Words"
    # Nobody else may read it, on either machine.
    assert {site.ask(address, machine=machine).status for machine in (first, second)} == {404}
    picture = site.picture()
    assert {site.ask(picture, machine=machine).status for machine in (first, second)} == {200}
    assert not list(site.folder.glob("*/media/*"))


def assert_each_scheduled_job_is_done_once(site):
    first, second = site.machines
    wait_until(lambda: site.ask("/readyz/background", machine=first).status == 200)
    wait_until(lambda: site.ask("/readyz/background", machine=second).status == 200)
    published, waiting = json.loads(second.run(DONE).splitlines()[-1])
    assert len(published) == len(set(published)) == 5
    assert waiting == 0
    mails = [path.read_text() for path in (site.folder / "mails").iterdir()]
    assert sum(mail.count("Subject: Subject") for mail in mails) == 5


def assert_readers_notice_no_restart_and_editors_stay_signed_in(site):
    picture = site.picture()
    paths = [site.path, "/timeline/", picture, "/search/?q=event"]
    answers, is_over = [], threading.Event()

    def read(number):
        while not is_over.is_set():
            path = paths[(number + len(answers)) % len(paths)]
            answers.append((path, site.ask(path).status))

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, number) for number in range(4)]
        for machine in site.machines:
            machine.restart()
        is_over.set()
        for reader in readers:
            reader.result()
    assert len(answers) > 20
    assert {answer for answer in answers if answer[1] != 200} == set()
    assert site.edit("/admin/").status == 200


def assert_pages_do_not_wait_for_images_while_the_bucket_hangs(site):
    picture = site.picture()
    with site.bucket.silent(), ThreadPoolExecutor(40) as pool:
        pictures = [pool.submit(site.ask, picture) for _number in range(40)]
        time.sleep(0.5)
        for _time in range(4):
            begun = time.monotonic()
            assert site.ask("/search/?q=event").status == 200
            assert time.monotonic() - begun < 4
        assert {picture.result().status for picture in pictures} == {503}
    wait_until(
        lambda: {site.ask(picture, machine=machine).status for machine in site.machines} == {200}, seconds=10
    )


def assert_a_static_file_of_a_new_version_is_found_on_the_machine_that_has_it(site):
    assert {site.ask("/static/new.css").status for _time in range(4)} == {200}
    assert site.ask("/static/none.css").status == 404


def assert_a_machine_that_is_gone_is_not_noticed(site):
    first, _second = site.machines
    CopiedSite.stop(first)
    for path in (site.path, site.picture(), "/search/?q=event"):
        assert {site.ask(path).status for _time in range(4)} == {200}
    first.start()


def test_two_machines_are_one_site(site):
    """One test, so that everything is started once, however many processes run the tests."""
    assert_what_is_published_on_one_machine_is_seen_on_the_other_at_once(site)
    assert_what_is_uploaded_to_one_machine_is_served_by_the_other(site)
    assert_each_scheduled_job_is_done_once(site)
    assert_readers_notice_no_restart_and_editors_stay_signed_in(site)
    assert_pages_do_not_wait_for_images_while_the_bucket_hangs(site)
    assert_a_static_file_of_a_new_version_is_found_on_the_machine_that_has_it(site)
    assert_a_machine_that_is_gone_is_not_noticed(site)
