"""Resolve host names, and allow only IP addresses of the public internet."""

import ipaddress
import queue
import socket
import threading

from home.external_links.errors import FetchError, Reason

# IANA's registry: the range of global unicast addresses of IPv6, and the reserved ranges that Python's
# `is_global` doesn't know.
GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
RESERVED = [
    ipaddress.ip_network(each)
    for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
# NAT64: the last 32 bits are an IPv4 address.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# ISATAP: the interface identifier starts with ::5efe or ::0200:5efe, which differ in one bit.
ISATAP, ISATAP_UNIVERSAL_BIT = 0x5EFE, 0x02000000


def public_address(host, port, seconds):
    """Return the first IP address of a host. Raises FetchError if it has none, or one is not public."""
    try:
        found = [entry[4][0] for entry in resolve(host, port, seconds)]
    except (OSError, UnicodeError) as error:
        # EAI_AGAIN: the name server could not be reached, which says nothing about the other site.
        unreachable = getattr(error, "errno", None) == socket.EAI_AGAIN
        raise FetchError(Reason.NETWORK if unreachable else Reason.NO_SITE) from error
    if not found or not all(is_public(address) for address in found):
        raise FetchError(Reason.PRIVATE)
    return found[0]


def resolve(host, port, seconds):
    """Call `getaddrinfo` in a thread that can be abandoned, since it has no timeout."""
    answers = queue.SimpleQueue()

    def look_up():
        try:
            answers.put((socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), None))
        except Exception as error:
            answers.put((None, error))

    threading.Thread(target=look_up, daemon=True).start()
    try:
        found, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise FetchError(Reason.SLOW) from None
    if error:
        raise error
    return found


def is_public(address):
    """Return whether an IP address is public and doesn't embed one that is not."""
    address = ipaddress.ip_address(address.partition("%")[0])
    if address.version == 6:
        inner = address.ipv4_mapped
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        is_isatap = (int(address) >> 32) & ~ISATAP_UNIVERSAL_BIT & 0xFFFFFFFF == ISATAP
        if inner is None and (address not in GLOBAL_IPV6 or is_isatap):
            return False
        address = inner or address
    is_reserved = any(address in network for network in RESERVED)
    return address.is_global and not address.is_multicast and not is_reserved
