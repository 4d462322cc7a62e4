"""Serve the site as in production, for benchmarks, screenshots and audits."""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]


class ServedSite:
    """
    A new, empty site on a free port of this machine; `url` is its address.

        with ServedSite() as site:
            site.manage("load_starter_content")
            site.start()

    Its output is in `log`. Its folder is deleted at the end.
    """

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
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
            "DATABASE_URL": "",
            "CACHE_URL": "",
            "SEARCH_URL": "",
            "AWS_STORAGE_BUCKET_NAME": "",
        }
        self.log = self.folder / "log"
        self.server = None
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")

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

    def start(self):
        """Start the server in a new process."""
        self.stop()
        command = [sys.executable, "-m", "gunicorn", "leadwatch.wsgi", "--log-level", "error"]
        with self.log.open("a") as log:
            self.server = subprocess.Popen(
                [*command, "--bind", self.url.removeprefix("http://")],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.wait_for(f"{self.url}/healthz")

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
