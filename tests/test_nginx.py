"""
nginx logs nothing that visitors request, whatever goes wrong, and writes no message to the disk. It speaks
HTTP/2, and lets the site compress.
"""

import http.client
import http.server
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from tests.support.nginx import NGINX, around, configured
from tests.support.postgres import free_port
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(not NGINX, reason="no nginx")

WORD = "plantedword"


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
    with nginx(configured(port, site, tmp_path), tmp_path):
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
    config = configured(port, site if is_up else free_port(), tmp_path)
    written, statuses = send_requests(config, tmp_path, port)
    assert statuses == ([200, 501, 503, 413] if is_up else [503, 503, 503, 413])
    assert WORD not in written
    assert "127.0.0.1" not in written


def test_the_logs_would_contain_it_without_the_two_lines(tmp_path, site):
    port = free_port()
    config = re.sub(r" *(access|error)_log.*\n", "", configured(port, site, tmp_path))
    written, _statuses = send_requests(config, tmp_path, port)
    for words in ("GET /search", "is buffered to a temporary file", "open()", "too large body"):
        (line, *_) = [line for line in written.splitlines() if words in line]
        assert WORD in line


@pytest.mark.parametrize(("length", "status"), [(0, 503), (32_000_000, 413)])
def test_the_pages_of_nginx_have_a_way_out_in_both_languages(tmp_path, length, status):
    port = free_port()
    with nginx(configured(port, free_port(), tmp_path), tmp_path):
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


class Mirror(http.server.BaseHTTPRequestHandler):
    """Answers with what nginx asked for."""

    def do_GET(self):
        body = self.headers.get("Accept-Encoding", "nothing").encode() + b" " * 2000
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def secure(tmp_path):
    """Run nginx with a certificate in front of a mirror. Return its ports for HTTPS and HTTP."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    openssl = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    made = [*openssl, "-subj", "/CN=leadwatch.example.org", "-keyout", key, "-out", certificate]
    subprocess.run(made, check=True, stderr=subprocess.DEVNULL)
    port, plain = free_port(), free_port()
    with nginx(configured(port, server.server_port, tmp_path, plain), tmp_path):
        yield port, plain
    server.shutdown()
    server.server_close()


def ask_securely(port, path, **headers):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.headers["Content-Encoding"], body


def test_nginx_speaks_http_2_and_sends_plain_requests_there(secure):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", secure[0])) as plain, context.wrap_socket(plain) as wrapped:
        assert wrapped.selected_alpn_protocol() == "h2"
        assert wrapped.version() in {"TLSv1.2", "TLSv1.3"}
    connection = http.client.HTTPConnection("127.0.0.1", secure[1])
    connection.request("GET", "/search/?q=x", headers={"Host": "elsewhere.example"})
    response = connection.getresponse()
    assert (response.status, response.headers["Location"]) == (
        301,
        "https://leadwatch.example.org/search/?q=x",
    )
    connection.close()


def test_the_site_compresses_pages_for_everybody_and_files_as_browsers_like(secure):
    for path in ("/timeline/", "/search/"):
        for cookie in ("", "a=b; __Host-sessionid=c"):
            for encoding in ("gzip, br", "br", "identity"):
                headers = {"Cookie": cookie, "Accept-Encoding": encoding}
                assert ask_securely(secure[0], path, **headers) == (None, b"gzip" + b" " * 2000)
    for path in ("/static/css/site.css", "/admin/", "/timeline/events.json"):
        found = ask_securely(secure[0], path, **{"Accept-Encoding": "gzip, br"})
        assert found == (None, b"gzip, br" + b" " * 2000)
