"""Requests to other sites: only to public addresses, and limited in size and time."""

import errno
import logging
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import urllib3
from django.conf import settings
from django.utils.encoding import iri_to_uri

from home.external_links.errors import FetchError, Reason
from home.external_links.public_addresses import public_address
from home.external_links.urllib3_internals import report_sockets

logger = logging.getLogger(__name__)

USER_AGENT = f"{settings.WAGTAIL_SITE_NAME.replace(' ', '')}/1.0 (+{settings.BASE_URL}/)"
MAX_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}


@dataclass(frozen=True)
class Response:
    status: int
    headers: urllib3.HTTPHeaderDict
    content: bytes = b""
    moved_to: str = ""  # The new address, if every redirect on the way was permanent.
    url: str = ""  # The address that answered, after all redirects, as it was requested.
    redirects: tuple = ()  # The Responses that redirected.


def fetch(url, method="GET", seconds=20, largest=0, before_hop=lambda url: None):
    """
    Request a public address and follow its redirects.

    Each host name is resolved once, and the connection goes to the address that was checked, so DNS rebinding
    leads nowhere else.

    :param seconds: the time limit for all of it: DNS, redirects, headers and content.
    :param largest: the most bytes of content to accept; 0 reads no content. Content is read only if the
        status is 200.
    :param before_hop: called with each address before it is requested; it may raise a FetchError.
    :raises FetchError: if there is no response, or it is too large.
    """
    end = time.monotonic() + seconds
    moved_to, passed = None, ()
    for _hop in range(MAX_REDIRECTS + 1):
        parts = split(url)
        before_hop(url)
        requested = "{0}://{3}{4}".format(*parts)
        with request(parts, end, method) as response:
            location = response.headers.get("Location") if response.status in REDIRECTS else None
            if not location:
                content = read(response, largest) if largest and response.status == 200 else b""
                return Response(response.status, response.headers, content, moved_to or "", requested, passed)
            passed += (Response(response.status, response.headers, url=requested),)
            try:
                url = urljoin(url, location)
            except ValueError as error:
                raise FetchError(Reason.ADDRESS) from error
            # One temporary redirect makes the whole way temporary.
            moved_to = url if moved_to != "" and response.status in PERMANENT else ""
    raise FetchError(Reason.LOOP)


def post(url, body, headers, seconds, largest):
    """
    Send something to a public address. A redirect is not followed: the headers may hold a key.

    :param seconds: the time limit for all of it.
    :param largest: the most bytes of content to accept. It is read only if the status is 200.
    :raises FetchError: if there is no response, or it is too large.
    """
    end = time.monotonic() + seconds
    with request(split(url), end, "POST", headers, body) as response:
        content = read(response, largest) if response.status == 200 else b""
        return Response(response.status, response.headers, content)


@contextmanager
def request(parts, end, method, more_headers=None, body=None):
    """Request one address. The response can be read inside the `with` block."""
    scheme, host, port, netloc, target = parts
    address = public_address(host, port, seconds_until(end))
    options = {"timeout": urllib3.Timeout(total=seconds_until(end)), "retries": False}
    if scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, server_hostname=host, assert_hostname=host, **options
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, **options)
    headers = {"Host": netloc, "User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}
    headers |= more_headers or {}
    response = None
    with cut_off_at(end) as watch:
        report_sockets(pool, watch)
        try:
            response = pool.urlopen(
                method, target, body=body, headers=headers, redirect=False, preload_content=False
            )
            yield response
            # Content that was cut off can look complete.
            seconds_until(end)
        except FetchError:
            raise
        except Exception as error:  # urllib3 lets errors of other kinds through.
            if not isinstance(error, urllib3.exceptions.HTTPError | OSError):
                logger.exception("A request to another site failed.")
            raise FetchError(Reason.SLOW if time.monotonic() >= end else reason_for(error)) from error
        finally:
            if response:
                response.close()
            pool.close()


def split(url):
    """Split a URL into the scheme, host, port, value of the Host header, and path with query."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = parts.hostname or ""
        if ":" not in host:
            host = host.encode("idna").decode()
    except ValueError as error:
        raise FetchError(Reason.ADDRESS) from error
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise FetchError(Reason.ADDRESS)
    netloc = f"[{host}]" if ":" in host else host
    if parts.port:
        netloc = f"{netloc}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return parts.scheme, host, port, netloc, iri_to_uri(f"{parts.path or '/'}{query}")


def reason_for(error):
    cause = error.__cause__ or error
    if getattr(cause, "errno", None) in (errno.ENETUNREACH, errno.ENETDOWN):
        return Reason.NETWORK
    if isinstance(error, urllib3.exceptions.SSLError):
        return Reason.CERTIFICATE
    if isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return Reason.SLOW
    if isinstance(error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        return Reason.SILENT
    return Reason.BROKEN


def read(response, largest):
    content = bytearray()
    for piece in response.stream(64 * 1024):
        content += piece
        if len(content) > largest:
            raise FetchError(Reason.LARGE)
    return bytes(content)


def seconds_until(end):
    """Return the seconds until a time of `time.monotonic`. Raises FetchError if no time is left."""
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise FetchError(Reason.SLOW)
    return seconds


@contextmanager
def cut_off_at(end):
    """
    Yield a function that takes a socket, and shut the sockets down at a time of `time.monotonic`. A socket's
    own timeout starts again with each byte it receives.
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
