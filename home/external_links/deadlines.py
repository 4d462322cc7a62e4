"""One deadline for everything that a request takes."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

from home.external_links.errors import FetchError, Reason


def seconds_until(end):
    """
    Return the time that is left.

    :param end: by the clock of `time.monotonic`.
    :raises FetchError: if no time is left.
    """
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise FetchError(Reason.SLOW)
    return seconds


@contextmanager
def cut_off_at(end):
    """
    Shut down sockets at a deadline. A socket's own timeout starts again with each byte it receives.

    :returns: a function that takes a socket to watch.
    """
    watched = []

    def watch(sock):
        # Watch a duplicate: urllib3 replaces the socket when TLS starts and closes it after the headers.
        watched.append(sock.dup())
        if time.monotonic() >= end:
            cut_off()

    def cut_off():
        for sock in watched:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(end - time.monotonic(), 0), cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        for sock in watched:
            sock.close()
