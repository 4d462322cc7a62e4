"""
Kill processes of a served site with SIGKILL while an editor publishes and visitors send messages.

    KILLS=50 MESSAGES=1000 .venv/bin/pytest -s tests/bench/kills.py

kills 50 at random moments and sends 1,000 messages. It fails if the site doesn't recover by itself, or has
lost anything that was acknowledged.
"""

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from functools import partial

import urllib3

from tests.support.editing import Client, Editor, is_sound, published
from tests.support.processes import is_running
from tests.support.served import ServedSite
from tests.support.waiting import wait_until

# Seconds: the longest pause before a restart is a minute. During a flood, a form must be half a minute old.
PATIENCE, OLD_ENOUGH = 180, 31
STORED = "SELECT form_data ->> 'your_message' FROM home_contactmessage"
REFUSED = (urllib3.exceptions.HTTPError, AssertionError)


def fill():
    from tests.support import editing, factories

    editing.fill()
    factories.make_contact()


def is_ended(process):
    return not is_running(process)


def is_whole(site, killed=None):
    """Return whether all processes run again, and visitors get pages."""
    try:
        processes = site.processes().values()
        ready = urllib3.request("GET", f"{site.url}/readyz", retries=False).status == 200
    except (OSError, urllib3.exceptions.HTTPError):
        return False
    return ready and len(processes) == 6 and killed not in processes


class Sender(threading.Thread):
    """Sends numbered messages one after another, each until it is acknowledged."""

    def __init__(self, site, count):
        super().__init__(daemon=True)
        self.http, self.url, self.sent = urllib3.PoolManager(timeout=60), site.url, 0
        self.forms = [self.form() for _number in range(count)]

    def form(self):
        html = self.http.request("GET", f"{self.url}/contact/").data.decode()
        (self.action,) = re.findall(r'action="(/contact-message/\d+/)"', html)
        return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]+)"', html))

    def run(self):
        time.sleep(OLD_ENOUGH)
        for number, form in enumerate(self.forms):
            while not self.is_thanked(form | {"your_message": f"Message {number}"}):
                time.sleep(0.5)
            self.sent += 1
            time.sleep(0.3)

    def is_thanked(self, fields):
        options = {"fields": fields, "redirect": False, "retries": False}
        try:
            return self.http.request("POST", self.url + self.action, **options).status == 303
        except urllib3.exceptions.HTTPError:
            return False


def publish_until_killed(editor, process, moment):
    """Publish versions until a process is killed. Return those that were acknowledged."""
    killed, told = threading.Event(), [0]

    def kill():
        os.kill(process, signal.SIGKILL)
        killed.set()

    threading.Timer(moment, kill).start()
    while not killed.is_set():
        with suppress(*REFUSED):
            if editor.publish()().status == 302:
                told.append(editor.version)
    return told


def test_nothing_that_was_acknowledged_is_lost():
    kills, messages = int(os.environ.get("KILLS", 50)), int(os.environ.get("MESSAGES", 1000))
    chance, victims, told = random.Random(1), Counter(), [0]
    with ServedSite() as site:
        site.fill("tests.bench.kills")
        site.start(is_whole=True)
        client = Client(site.url, site.folder)
        client.sign_in()
        editor, sender = Editor(client), Sender(site, messages)
        wait_until(partial(is_whole, site))
        sender.start()
        for _kill in range(kills):
            processes = site.processes()
            role = chance.choice(sorted(processes))
            told += publish_until_killed(editor, processes[role], 2 * chance.random())
            if role == "supervisor":
                # Start the site again when all have ended, as systemd does.
                site.server.wait()
                for process in processes.values():
                    wait_until(partial(is_ended, process))
                site.start(is_whole=True)
            wait_until(partial(is_whole, site, processes[role]), seconds=PATIENCE)
            assert max(told) <= published(client, "event") <= editor.draft <= editor.version
            assert is_sound(client)
            victims[role] += 1
            print(role, len(told), sender.sent, flush=True)
        sender.join()
        stored = Counter(text for (text,) in client.rows(STORED))
        log = site.log.read_text()
    print(f"{kills} kills: {dict(victims)}")
    print(f"{len(set(told)) - 1} of {editor.version} versions acknowledged; {len(stored)} messages stored")
    print(f"{log.count('SQLITE_BUSY')} times locked\n{log[-3000:]}")
    assert stored == Counter(f"Message {number}" for number in range(messages))
