"""Asking other sites: at public addresses only, each hop looked at again, in bounds of size and time."""

import errno
import ipaddress
import logging
import queue
import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import urllib3
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["USER_AGENT", "Answer", "FetchError", "Reason", "fetch"]

logger = logging.getLogger(__name__)

# Who asks, and where to read about it.
USER_AGENT = f"{settings.WAGTAIL_SITE_NAME.replace(' ', '')}/1.0 (+{settings.BASE_URL}/)"
HOPS = 5
REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}
# The addresses of IPv6 that are given out to the world, and what is reserved among them, by the registry of
# IANA; of IPv4, what Python takes for public.
WORLD = ipaddress.ip_network("2000::/3")
RESERVED = [
    ipaddress.ip_network(each)
    for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
# A gateway to the IPv4 address in the last 32 bits.
GATEWAY = ipaddress.ip_network("64:ff9b::/96")
# The mark of ISATAP in the last half of an address, and the bit in which the mark varies.
TUNNEL, NOT_OURS = 0x5EFE, 0x02000000


class Reason(models.TextChoices):
    """Why nothing came from an address, in words for an editor."""

    ADDRESS = "address", _("This is no web address.")
    NO_SITE = "no-site", _("There is no such site.")
    PRIVATE = "private", _("It is not at a public address.")
    NETWORK = "network", _("Our own network did not reach it.")
    SILENT = "silent", _("It does not answer.")
    CERTIFICATE = "certificate", _("Its certificate is not valid, so a browser warns of it.")
    BROKEN = "broken", _("The connection broke.")
    SLOW = "slow", _("It takes too long.")
    LOOP = "loop", _("It leads on and on.")
    LARGE = "large", _("It is larger than we take.")
    GONE = "gone", _("It is not there.")
    ERROR = "error", _("The other site has an error.")
    BUSY = "busy", _("The other site is busy.")
    CLOSED = "closed", _("The other site does not show it to everybody.")
    ROBOTS = "robots", _("The other site asks that only people look at it.")


class FetchError(ValueError):
    """Nothing came; `reason` and `str()` say why."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason

    def __str__(self):
        return str(self.reason.label)


@dataclass(frozen=True)
class Answer:
    """
    What came from an address.

    :param headers: by their names in any case.
    :param moved_to: where it is for good, if it said so.
    """

    status: int
    headers: urllib3.HTTPHeaderDict
    content: bytes = b""
    moved_to: str = ""


def fetch(url, method="GET", seconds=20, largest=0, before_hop=lambda url: None):
    """
    Ask for a public address, with one deadline for all that it takes: names, hops, headers and content.

    A name is looked up once and the connection goes to what was found, so that a name that changes its
    meaning in between leads nowhere else; each hop is looked at again.

    :param seconds: how long all of it may take.
    :param largest: how many bytes to read at most of an answer that is no refusal; none if it is 0.
    :param before_hop: called with each address before it is asked for; it may raise a FetchError.
    :raises FetchError: if no answer came, or it was too large.
    """
    end = time.monotonic() + seconds
    moved_to = None
    for _hop in range(HOPS + 1):
        parts = parts_of(url)
        before_hop(url)
        with asked(parts, end, method) as answer:
            location = answer.headers.get("Location") if answer.status in REDIRECTS else None
            if not location:
                content = content_of(answer, largest) if largest and answer.status == 200 else b""
                return Answer(answer.status, answer.headers, content, moved_to or "")
            try:
                url = urljoin(url, location)
            except ValueError as error:
                raise FetchError(Reason.ADDRESS) from error
            # A way that is not for good at one hop is not for good in all.
            moved_to = url if moved_to != "" and answer.status in PERMANENT else ""
    raise FetchError(Reason.LOOP)


@contextmanager
def asked(parts, end, method):
    """The answer of one address, as long as it is read."""
    scheme, host, port, netloc, target = parts
    address = public_address(host, port, end)
    options = {"timeout": urllib3.Timeout(total=seconds_until(end)), "retries": False}
    if scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, server_hostname=host, assert_hostname=host, **options
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, **options)
    headers = {"Host": netloc, "User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}
    answer = None
    with cut_at(end) as watch:
        pool.ConnectionCls = type("Connection", (Watched, pool.ConnectionCls), {"watch": staticmethod(watch)})
        try:
            answer = pool.urlopen(method, target, headers=headers, redirect=False, preload_content=False)
            yield answer
            # An answer that was cut looks like one that is complete.
            seconds_until(end)
        except FetchError:
            raise
        except Exception as error:  # The libraries raise anything.
            if not isinstance(error, urllib3.exceptions.HTTPError | OSError):
                logger.exception("Another site could not be asked.")
            raise FetchError(Reason.SLOW if time.monotonic() >= end else reason_of(error)) from error
        finally:
            if answer:
                answer.close()
            pool.close()


def seconds_until(end):
    """
    The time that is left.

    :raises FetchError: if none is.
    """
    seconds = end - time.monotonic()
    if seconds <= 0:
        raise FetchError(Reason.SLOW)
    return seconds


@contextmanager
def cut_at(end):
    """
    Shut down sockets at a time, however slowly the other side speaks: a timeout of a socket begins anew with
    each byte.

    :returns: a function that takes a socket to watch.
    """
    watched = []

    def watch(sock):
        # Another socket for the same connection: the first one is replaced as soon as it speaks TLS, and
        # closed as soon as the headers have come.
        watched.append(sock.dup())
        if time.monotonic() >= end:
            cut()

    def cut():
        for sock in watched:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(end - time.monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        for sock in watched:
            sock.close()


class Watched:
    """A connection whose socket is watched from its beginning."""

    def _new_conn(self):
        sock = super()._new_conn()
        self.watch(sock)
        return sock


def parts_of(url):
    """Scheme, host, port, the host as the other side is told it, and what is asked for there."""
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
    return parts.scheme, host, port, netloc, f"{parts.path or '/'}{query}"


def public_address(host, port, end):
    """One address of a host of which all addresses are public."""
    try:
        found = [entry[4][0] for entry in looked_up(host, port, end)]
    except (OSError, UnicodeError) as error:
        # The name server itself is out of reach: nothing is known of the other site.
        unknown = getattr(error, "errno", None) == socket.EAI_AGAIN
        raise FetchError(Reason.NETWORK if unknown else Reason.NO_SITE) from error
    if not found or not all(is_public(address) for address in found):
        raise FetchError(Reason.PRIVATE)
    return found[0]


def looked_up(host, port, end):
    """Look up a host by the system, in a thread that can be abandoned, since that has no time limit."""
    answers = queue.SimpleQueue()

    def look_up():
        try:
            answers.put((socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), None))
        except Exception as error:
            answers.put((None, error))

    threading.Thread(target=look_up, daemon=True).start()
    try:
        found, error = answers.get(timeout=seconds_until(end))
    except queue.Empty:
        raise FetchError(Reason.SLOW) from None
    if error:
        raise error
    return found


def is_public(address):
    """Whether an address is one of the world, and leads to no other one within."""
    address = ipaddress.ip_address(address.partition("%")[0])
    if address.version == 6:
        inner = address.ipv4_mapped
        if address in GATEWAY:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        is_tunnel = (int(address) >> 32) & ~NOT_OURS & 0xFFFFFFFF == TUNNEL
        if inner is None and (address not in WORLD or is_tunnel):
            return False
        address = inner or address
    is_reserved = any(address in network for network in RESERVED)
    return address.is_global and not address.is_multicast and not is_reserved


def reason_of(error):
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


def content_of(answer, largest):
    content = b""
    for piece in answer.stream(64 * 1024):
        content += piece
        if len(content) > largest:
            raise FetchError(Reason.LARGE)
    return content
