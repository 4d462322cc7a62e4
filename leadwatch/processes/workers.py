"""The gunicorn worker that serves the site; gunicorn.conf.py chooses it."""

import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from selectors import EVENT_READ

import gunicorn.util
from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker

from leadwatch.processes.last_words import write_error

# Gunicorn has no setting for it. tests/leadwatch/processes/test_workers.py checks that it is used.
gunicorn.util.write_error = write_error

# Seconds for a client to send the headers of its request, and to close the connection after the response.
PATIENCE = 10
LAST_PATIENCE = 1  # The same while the worker is stopping.
LONGEST_HEAD = 32 * 1024  # Bytes.
# Beginnings of requests for images and files.
FILES = tuple(b"%s %s" % (method, path) for method in (b"GET", b"HEAD") for path in (b"/media/", b"/files/"))


class Worker(ThreadWorker):
    """
    Gunicorn's threaded worker, in which slow clients and writers never block readers.

    - A connection gets a thread when the headers of its request are complete, so a slow client occupies
      none. Neither does a connection that stays open after the response; gunicorn would wait for it in the
      loop that accepts others.
    - Requests that may write have their own threads, since they may wait for the database. So have requests
      for images and files, since they may wait for a bucket.

    A slow request body occupies a thread for writers. The web server in front of gunicorn prevents that.
    """

    def init_process(self):
        self.writers = self.get_thread_pool()
        self.files = ThreadPoolExecutor(max_workers=max(1, self.cfg.threads // 2))
        # This runs until the worker stops.
        super().init_process()

    def get_thread_pool(self):
        return ThreadPoolExecutor(max_workers=self.cfg.threads)

    def accept(self, listener):
        try:
            client, address = listener.accept()
        except OSError:
            # The client is gone, another worker was faster, or there are too many open files.
            return
        # Threads read the body and write the response with blocking calls.
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", PATIENCE, 0))
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.received = 0
        self.nr_conns += 1
        self.watch(conn, self.on_head)

    def watch(self, conn, callback):
        """Call a function when the client sends data. Close the connection if that takes too long."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + (PATIENCE if self.alive else LAST_PATIENCE)
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(callback, conn))

    def _cap_keepalive(self, deadline):
        """Start to stop the worker."""
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, time.monotonic() + LAST_PATIENCE)

    def unwatch(self, conn):
        self.poller.unregister(conn.sock)
        self.pending_conns.remove(conn)

    def drop(self, conn):
        self.nr_conns -= 1
        conn.close()

    def on_head(self, conn, client):
        """Pass the request to a thread if its headers are complete."""
        try:
            head = client.recv(LONGEST_HEAD, socket.MSG_PEEK)
        except OSError:
            head = b""
        if b"\r\n\r\n" in head:
            self.unwatch(conn)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
            conn.data_ready = True
            self.submit(conn, self.pool_for(head))
        elif len(head) <= conn.received or len(head) == LONGEST_HEAD:
            # The client has stopped sending, or has sent too much.
            self.unwatch(conn)
            self.drop(conn)
        else:
            conn.received = len(head)
            # Otherwise, the poller would report the same bytes repeatedly.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, conn.received + 1)

    def pool_for(self, head):
        if head.startswith(FILES):
            return self.files
        return self.tpool if is_reading(head) else self.writers

    def submit(self, conn, pool):
        # Each request has a context of its own, in which leadwatch/logs.py remembers it.
        future = pool.submit(copy_context().run, self.handle, conn)
        future.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def finish_request(self, conn, future):
        """Wait for the client to close the connection. Closing it here might cut off the response."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            self.watch(conn, self.on_rest)
        except OSError:
            self.drop(conn)

    def on_rest(self, conn, client):
        try:
            rest = client.recv(LONGEST_HEAD)
        except OSError:
            rest = b""
        if not rest:
            self.unwatch(conn)
            self.drop(conn)


def is_reading(head):
    """Return whether a request only reads. Requests of signed-in users may write even to open a page."""
    session = f"{settings.SESSION_COOKIE_NAME}=".encode()
    return head.startswith((b"GET ", b"HEAD ")) and session not in head
