import pytest

from leadwatch.processes.workers import is_reading


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
