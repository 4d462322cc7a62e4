"""
The documented nginx configuration logs nothing that visitors request, whatever goes wrong, and writes no
message to the disk.
"""

import http.client
import http.server
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.postgres import free_port
from tests.support.waiting import wait_until

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
pytestmark = pytest.mark.skipif(not NGINX, reason="no nginx")

OPERATIONS = Path(__file__).parent.parent / "docs" / "operations.md"
WORD = "plantedword"
# Debian's default logs, which a server block may override.
AROUND = """
daemon off; {user} pid nginx.pid; error_log all.log info;
events {{}}
http {{ access_log access.log; client_body_temp_path bodies; proxy_temp_path answers; {site} }}
"""


class Handler(http.server.BaseHTTPRequestHandler):
    """Sends more than nginx buffers in memory."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * 12_000_000)

    def do_POST(self):
        # Closing a connection with unread data resets it, and nginx may then answer 502.
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "contact-message" not in self.path:
            return self.send_error(501)
        # The form comes back with the text in it.
        self.send_response(422)
        self.end_headers()
        return self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def documented(port, site, folder):
    """Return the documented configuration with paths and ports of this machine and without TLS."""
    (config,) = re.findall(r"```nginx\n(.*?)```", OPERATIONS.read_text(), re.DOTALL)
    config = re.sub(r" *ssl_certificate.*\n", "", config)
    for told, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port}"),
        ("127.0.0.1:8000", f"127.0.0.1:{site}"),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert told in config
        config = config.replace(told, here)
    return config


def around(config):
    return AROUND.format(site=config, user="" if os.geteuid() else "user root;")


@contextmanager
def nginx(config, folder):
    """Run nginx. Yields a list to which its output is added at the end."""
    (folder / "nginx.conf").write_text(around(config))
    process = subprocess.Popen(
        [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", "all.log"], stderr=subprocess.PIPE
    )
    output = []
    try:
        wait_until((folder / "nginx.pid").exists)
        yield output
    finally:
        process.terminate()
        output.append(process.communicate()[1])


def send_requests(config, folder, port):
    """Send requests of every kind that nginx logs. Return what it logged, and the statuses."""
    address = f"http://127.0.0.1:{port}/search/?q={WORD}"
    with nginx(config, folder) as output:
        # A response and a body that nginx buffers in a file, one that it can't, and one that is too large.
        statuses = [ask(address), ask(address, b"x" * 100_000)]
        shutil.rmtree(folder / "bodies")
        statuses += [ask(address, b"x" * 100_000), ask(address, b"x" * 32_000_000)]
    logs = [path.read_bytes() for path in folder.glob("*.log")]
    return b"".join([*output, *logs]).decode(), statuses


@pytest.mark.parametrize("path", ["/contact-message/5/", "/es/contact-message/5/"])
def test_nginx_never_writes_a_message_to_the_disk(tmp_path, site, path):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    folders = [tmp_path / "bodies", tmp_path / "answers"]
    with nginx(documented(port, site, tmp_path), tmp_path):
        # nginx deletes the name of a temporary file at once. So see whether it can do without the folders.
        for folder in folders:
            shutil.rmtree(folder)
        assert [ask(address + path, b"x" * size) for size in (10, 20_000, 2_000_000, 4_900_000)] == [422] * 4
        assert ask(address + path, b"x" * 5_300_000) == 413
        assert ask(address + "/elsewhere/", b"x" * 20_000) == 503
    assert not any(folder.exists() for folder in folders)


def ask(address, body=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body)) as answer:
            time.sleep(0.2)
            answer.read()
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        # nginx closes the connection if a body is too large.
        return 413


@pytest.mark.parametrize("is_up", [True, False])
def test_no_log_of_nginx_contains_what_visitors_request(tmp_path, site, is_up):
    port = free_port()
    config = documented(port, site if is_up else free_port(), tmp_path)
    written, statuses = send_requests(config, tmp_path, port)
    assert statuses == ([200, 501, 503, 413] if is_up else [503, 503, 503, 413])
    assert WORD not in written
    assert "127.0.0.1" not in written


def test_the_logs_would_contain_it_without_the_two_lines(tmp_path, site):
    port = free_port()
    config = re.sub(r" *(access|error)_log.*\n", "", documented(port, site, tmp_path))
    written, _statuses = send_requests(config, tmp_path, port)
    for words in ("GET /search", "is buffered to a temporary file", "open()", "too large body"):
        (line, *_) = [line for line in written.splitlines() if words in line]
        assert WORD in line


@pytest.mark.parametrize(("length", "status"), [(0, 503), (32_000_000, 413)])
def test_the_pages_of_nginx_have_a_way_out_in_both_languages(tmp_path, length, status):
    port = free_port()
    with nginx(documented(port, free_port(), tmp_path), tmp_path):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.putrequest("POST", "/contact-message/1/")
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
    assert response.status == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert 'href="https://www.weather.gov/" rel="nofollow noreferrer">Exit this page / Salir de esta' in text
