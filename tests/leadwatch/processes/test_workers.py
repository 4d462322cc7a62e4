import socket
from types import SimpleNamespace
from unittest import mock

import pytest
from gunicorn.http.errors import LimitRequestLine

from leadwatch.processes.last_words import LAST_WORDS
from leadwatch.processes.workers import Worker, is_reading


@pytest.mark.parametrize(
    ("head", "reads"),
    [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        ("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        ("GET / HTTP/1.1\r\nCookie: a=b; sessionid=c\r\n\r\n", False),
        ("POST /contact-message/1/ HTTP/1.1\r\nHost: a\r\n\r\n", False),
        ("GETAWAY / HTTP/1.1\r\nHost: a\r\n\r\n", False),
    ],
)
def test_only_reading_visitors_use_the_threads_for_readers(head, reads):
    assert is_reading(head.encode()) == reads


@pytest.mark.parametrize(
    ("head", "pool"),
    [
        ("GET /media/images/a.jpg HTTP/1.1\r\n\r\n", "files"),
        ("HEAD /files/1/a.pdf HTTP/1.1\r\n\r\n", "files"),
        # An editor's, too.
        ("GET /media/images/a.jpg HTTP/1.1\r\nCookie: sessionid=c\r\n\r\n", "files"),
        ("GET /about/ HTTP/1.1\r\nReferer: /media/\r\n\r\n", "tpool"),
        ("POST /files/1/a.pdf HTTP/1.1\r\n\r\n", "writers"),
    ],
)
def test_requests_for_images_and_files_take_no_thread_from_pages(head, pool):
    worker = SimpleNamespace(files="files", tpool="tpool", writers="writers")
    assert Worker.pool_for(worker, head.encode()) == pool


def test_a_request_that_cannot_be_read_gets_a_page_with_a_way_out():
    ours, theirs = socket.socketpair()
    worker = SimpleNamespace(log=mock.Mock())
    Worker.handle_error(worker, None, ours, ("192.0.2.1", 1), LimitRequestLine(9_000, 4_094))
    ours.close()
    head, _line, body = theirs.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 414 ")
    assert b"text/html; charset=utf-8" in head
    assert f"Content-Length: {len(body)}".encode() in head
    # Gunicorn's own page has the numbers.
    assert body.decode() == LAST_WORDS
