"""The site on a machine, as `deploy/install` makes it, in a folder."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from pathlib import Path

from tests.support.copies import ROOT, copy_database
from tests.support.postgres import free_port
from tests.support.systemd import Systemd, folder_of
from tests.support.waiting import wait_until

NAME = "leadwatch.example.org"
READERS = 50
# Instead of installing packages, it links to those of the tests.
UV = """#!/bin/sh
[ "$1" = pip ] || ln -s '{venv}' "$5"
"""
# bash reads this file first. Once the script comes to a command, something happens to it, after some seconds.
STRIKE = """
set -T
trap 'case $BASH_COMMAND in {command}) [ -e {mark} ] || {{ touch {mark}; {blow}; }} ;; esac' DEBUG
"""
# What happens: the script alone is killed, the power fails, the connection is lost.
BLOWS = {"killed": "kill -9 $$", "power": "kill -9 -- -$$", "connection": "kill -HUP -- -$$"}


class Machine:
    """A folder with the site, as `deploy/install --root` makes it."""

    def __init__(self, folder):
        self.root, self.port, self.failures = folder / "root", free_port(), Counter()
        self.base, self.data = self.root / "srv" / "leadwatch", self.root / "srv" / "leadwatch" / "data"
        self.data.mkdir(parents=True)
        copy_database(self.data)
        self.secrets = self.root / "etc" / "leadwatch"
        self.secrets.mkdir(parents=True)
        self.variables = {
            "SECRET_KEY": os.urandom(40).hex(),
            "BASE_URL": f"https://{NAME}",
            "ALLOWED_HOSTS": NAME,
            "PORT": self.port,
            "EMAIL_URL": "dummymail://",
            "DATA_DIR": self.data,
            "STATIC_DIR": ".static",
        }
        self.write_variables()
        (folder / "uv").write_text(UV.format(venv=Path(sys.executable).parent.parent))
        (folder / "uv").chmod(0o755)
        self.systemd = Systemd(self.root / "etc" / "systemd" / "system")
        self.environment = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "SYSTEMCTL": str(self.systemd.systemctl),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def write_variables(self, **others):
        lines = [f"{name}={value}\n" for name, value in (self.variables | others).items()]
        (self.secrets / "production.env").write_text("".join(lines))

    def run(self, *words, source=ROOT):
        command = [source / "deploy" / words[0], *words[1:]]
        environment = self.environment | {"ROOT": str(self.root)}
        ended = subprocess.run(
            command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL
        )
        return ended.returncode, ended.stdout + ended.stderr

    def current(self):
        """Return the release that the link names, and that all processes run."""
        release = (self.base / "current").resolve()
        assert {folder_of(process) for process in self.systemd.running.values()} == {release}
        return release

    def read(self, path):
        headers = {"Host": NAME, "X-Forwarded-Proto": "https"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def read_until(self, ended, counts):
        while not ended.wait(2):
            try:
                counts[self.read("/healthz")] += 1
                counts[bool(self.read("/timeline/"))] += 1
            except OSError as error:
                self.failures[repr(error)] += 1

    def run_while_read(self, *words):
        """Run a script while people read. Return its status, its output, and the answers that were read."""
        ended, counts = threading.Event(), Counter()
        readers = [threading.Thread(target=self.read_until, args=(ended, counts)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        try:
            return *self.run(*words), counts
        finally:
            ended.set()
            for reader in readers:
                reader.join()

    def cut_off(self, what, command, seconds, *words, source=ROOT):
        """Run a script until something happens to it."""
        blow = f"{{ sleep {seconds}; {BLOWS[what]}; }} & :" if seconds else BLOWS[what]
        mark, first = self.root.with_name("struck"), self.root.with_name("strike")
        mark.unlink(missing_ok=True)
        first.write_text(STRIKE.format(command=command, mark=mark, blow=blow))
        script = subprocess.Popen(
            [source / "deploy" / words[0], *words[1:]],
            env=self.environment | {"ROOT": str(self.root), "BASH_ENV": str(first)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        wait_until(lambda: mark.exists() or script.poll() is not None, seconds=300)
        assert mark.exists(), script.stdout.read()
        if what == "connection":
            # Nobody reads its output any more.
            script.stdout.close()
        status = script.wait(120)
        assert status > 0 if what == "connection" else status == -signal.SIGKILL, (command, status)
        # What it had started ends soon.
        wait_until(lambda: not self.strangers(), self.strangers)
        with (self.base / "upgrading").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)

    def strangers(self):
        """Return the processes that run in a release without systemd."""
        known = {os.getpgid(process.pid) for process in self.systemd.running.values()}
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                is_inside = path.joinpath("cwd").resolve().is_relative_to(self.base)
                if is_inside and os.getpgid(int(path.name)) not in known:
                    found.append(path.joinpath("cmdline").read_text())
            except OSError:
                # It has ended.
                continue
        return found
