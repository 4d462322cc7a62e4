import socket
from types import SimpleNamespace
from unittest import mock

import pytest
from gunicorn.http.errors import LimitRequestLine

from leadwatch.last_words import LAST_WORDS
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
