"""
Measure cached pages, beside a plain file in nginx, and a constant answer of the same server.

What counts is the CPU time that a server's process takes for a request, since it doesn't depend on what else
the machine does. Needs nginx and wrk.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.base import Copy
from tests.bench.report import ROUNDS, measured, table
from tests.support.nginx import NGINX, configured, running
from tests.support.postgres import free_port
from tests.support.processes import children_of
from tests.support.served import ROOT
from tests.support.waiting import wait_until

HEADING = "Cached pages: requests for each second of CPU"
SECONDS, CONNECTIONS = 2, 16
HOST = "leadwatch.test"
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip, deflate, br"}
PAGE = "/timeline/"
UNCHANGED = "The same with If-None-Match"
# In nginx, beside our server: a plain file, with our headers and without.
PLAIN = """
server {{
    listen 127.0.0.1:{port};
    root {folder};
    gzip_static on;
    {headers}
    location / {{ default_type "text/html; charset=utf-8"; }}
}}
"""
# The headers that nginx sends with a plain file, too, and the one that it keeps to itself.
OF_NGINX = {
    *("connection", "content-encoding", "content-length", "content-type"),
    *("date", "etag", "last-modified", "server", "vary", "x-accel-expires"),
}
TICKS = os.sysconf("SC_CLK_TCK")


class Site(Copy):
    """A site with nginx in front."""

    @property
    def port(self):
        return int(self.url.rpartition(":")[2])

    def wait_for(self, address):
        wait_until(lambda: status(self.port, PAGE) == 200)


def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=HEADERS)
    response = connection.getresponse()
    response.content = response.read()
    connection.close()
    return response


def status(port, path):
    try:
        return ask(port, path).status
    except OSError:
        return None


def cpu(process):
    """Return the CPU seconds of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cost(process, port, headers):
    """Return the CPU microseconds of a process for each request that wrk sends."""
    told = [part for name, value in (HEADERS | headers).items() for part in ("-H", f"{name}: {value}")]
    begun = cpu(process)
    address = f"http://127.0.0.1:{port}{PAGE}"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *told, address]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in said, said
    return (cpu(process) - begun) / int(re.search(r"(\d+) requests in", said)[1]) * 1e6


@contextmanager
def gunicorn(application, environment):
    """Run our server with another application. Yield its port and its worker."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--log-level=error", f"--bind=127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_until(lambda: status(port, "/") == 200)
        yield port, children_of(server.pid)[0]
    finally:
        server.terminate()
        server.wait()


@contextmanager
def nginx(site, folder, headers):
    """Run nginx in front of the site. Yield its port, those of the plain file, and its worker."""
    port, *plain = free_port(), free_port(), free_port()
    config = configured(port, site.port, folder)
    config = config.replace("-Proto $scheme", "-Proto https")
    config = config.replace(f"{folder}/version/", f"{site.environment['VERSION_DIR']}/")
    for each, added in zip(plain, (headers, ""), strict=True):
        config += PLAIN.format(port=each, folder=folder / "plain", headers=added)
    with running(config, folder) as server:
        wait_until(lambda: status(port, PAGE) == 200)
        yield port, plain, next(child for child in children_of(server) if is_worker(child))


def is_worker(process):
    return b"worker" in Path(f"/proc/{process}/cmdline").read_bytes()


def ratios(ours, theirs):
    """Return the rounds' ratios of what both cost, measured by turns."""
    found = []
    for _round in range(ROUNDS):
        mine = cost(*ours)
        found.append(cost(*theirs) / mine)
    return found


def section(base):
    if not NGINX or not shutil.which("wrk"):
        return "Not measured: this needs nginx and wrk."
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leadwatch-cached-")))
        # As deep as in production: nginx resolves each part of the path for each request.
        versions = stack.enter_context(tempfile.TemporaryDirectory(prefix="leadwatch-version-"))
        addresses = {"BASE_URL": f"https://{HOST}", "ALLOWED_HOSTS": HOST}
        site = stack.enter_context(Site(base, **addresses, VERSION_DIR=versions, WEB_CONCURRENCY="1"))
        site.start()
        response = ask(site.port, PAGE)
        (folder / "plain" / PAGE.strip("/")).mkdir(parents=True)
        file = folder / "plain" / PAGE.strip("/") / "index.html"
        file.with_suffix(".html.gz").write_bytes(response.content)
        file.write_text("Only for browsers without gzip.")
        answer = str(folder / "answer")
        Path(answer).write_text(json.dumps([response.getheaders(), response.content.hex()]))
        headers = "".join(
            f"add_header {name} {json.dumps(value)};"
            for name, value in response.getheaders()
            if name.lower() not in OF_NGINX
        )
        port, plain, worker = stack.enter_context(nginx(site, folder, headers))
        constant, other = stack.enter_context(
            gunicorn("tests.bench.constant_answer", site.environment | {"VERSION_DIR": "", "ANSWER": answer})
        )
        time.sleep(1)
        known = {each: {"If-None-Match": ask(each, PAGE).headers["ETag"]} for each in (port, *plain)}
        same, bare = plain
        own = children_of(site.server.pid)[0]
        compared = [
            (
                "Through nginx, beside a file with the same headers",
                0.8,
                (worker, port, {}),
                (worker, same, {}),
            ),
            (UNCHANGED, 0.8, (worker, port, known[port]), (worker, same, known[same])),
            ("Through nginx, beside a file without headers", None, (worker, port, {}), (worker, bare, {})),
            (UNCHANGED, None, (worker, port, known[port]), (worker, bare, known[bare])),
            ("From our server, beside a constant answer", 0.6, (own, site.port, {}), (other, constant, {})),
        ]
        rows = [
            [label, *measured(ratios(ours, theirs), limit, is_least=True)]
            for label, limit, ours, theirs in compared
        ]
    return table(["Cached page", "ratio", "limit", ""], rows)
