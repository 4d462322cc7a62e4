"""Serve the site as in production, for benchmarks, screenshots and audits."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests.support.processes import children_of
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]


class ServedSite:
    """
    A new, empty site on a free port of this machine; `url` is its address.

        with ServedSite() as site:
            site.manage("load_starter_content")
            site.start()

    Its output is in `log`. Its folder is deleted at the end.

    :param is_empty: whether to leave the folder as on a machine on which nothing was set up yet.
    :param address: the DATABASE_URL of a database in PostgreSQL.
    :param copy: a function that copies a database to the site, which is not migrated then. Static files that
        it copies are not collected.
    :param has_admin: whether to collect the static files of the admin, too, which takes most of the time.
    """

    def __init__(self, is_empty=False, address="", copy=None, has_admin=True):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self.address = f"http://127.0.0.1:{port}", address
        self.temporary = tempfile.TemporaryDirectory(prefix="leadwatch-")
        self.folder = Path(self.temporary.name)
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "leadwatch.settings.production",
            "DATA_DIR": str(self.folder),
            "BASE_URL": self.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": "consolemail://",
            "SECRET_KEY": secrets.token_urlsafe(50),
            # Use nothing outside of the folder, whatever the environment says.
            "DATABASE_URL": address,
            "CACHE_URL": "",
            "SEARCH_URL": "",
            "AWS_STORAGE_BUCKET_NAME": "",
            "FRONTEND_CACHE_URL": "",
        }
        self.log = self.folder / "log"
        self.server = None
        if copy:
            copy(self)
        elif not is_empty:
            self.manage("migrate", "--verbosity", "0")
        if not is_empty and not (self.folder / "static").exists():
            left_out = () if has_admin else ("--ignore", "wagtail*")
            self.manage("collectstatic", "--noinput", "--verbosity", "0", *left_out)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def manage(self, *words):
        """Run a management command."""
        self._run("manage.py", *words)

    def fill(self, module, *words):
        """Call the function `fill` of a module, such as tests.bench.events, in the site's environment."""
        # Wagtail would log a line for each page.
        quiet = "import django, logging; django.setup(); logging.disable(logging.INFO)"
        self._run("-c", f"{quiet}; from {module} import fill; fill(*{words!r})")

    def start(self, is_whole=False):
        """Start the web server in a new process; if `is_whole`, also the worker and the scheduler."""
        self.stop()
        address = self.url.removeprefix("http://")
        command = ["-m", "gunicorn", "leadwatch.wsgi", "--log-level", "error", "--bind", address]
        if is_whole:
            command = ["manage.py", "run_site", "--port", address.partition(":")[2]]
        with self.log.open("a") as log:
            self.server = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.wait_for(f"{self.url}/healthz")

    def processes(self):
        """Return the numbers of the processes of a whole site by what they do."""
        found = {"supervisor": self.server.pid}
        for child in children_of(self.server.pid):
            words = Path(f"/proc/{child}/cmdline").read_text()
            role = next((role for role in ("db_worker", "scheduler") if role in words), "server")
            found[role] = child
            if role == "server":
                found |= {f"web process {place}": number for place, number in enumerate(children_of(child))}
        return found

    def wait_for(self, address):
        """Wait until a URL responds. The page is then in the cache, as for every visitor but the first."""

        def response():
            assert self.server.poll() is None, self.log.read_text()
            try:
                return urllib.request.urlopen(address).read()
            except OSError:
                return None

        return wait_until(response)

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.wait()
            self.server = None

    def close(self):
        self.stop()
        self.temporary.cleanup()

    def _run(self, *words):
        subprocess.run([sys.executable, *words], cwd=ROOT, env=self.environment, check=True)
