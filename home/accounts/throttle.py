"""
Count tries at passwords and codes, and refuse further ones for a while.

A try is counted before it is checked, so that parallel tries can't exceed a limit, and uncounted if it
succeeds. Counters have keyed hashes of accounts and addresses, and are deleted soon after the last try.
"""

import ipaddress
import logging
import re
import unicodedata
from datetime import timedelta
from functools import lru_cache
from math import ceil

from django.conf import settings
from django.db import Error, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from home.models import TryCounter

logger = logging.getLogger(__name__)

# A counter expires this long after the last try that it counts.
WINDOW = timedelta(minutes=15)
# Failed tries for one account from one source, and for all accounts from one source.
MOST = 10
MOST_FROM_SOURCE = 100
# Some proxies put the port after the address in X-Forwarded-For. It differs with each connection.
ENTRY = re.compile(r"\[(?P<ipv6>.*)\](:\d+)?|(?P<ipv4>[\d.]+):\d+")
# After this many failed tries for an account from all sources, each source has FEW instead of MOST. Not none:
# otherwise, strangers could lock a person out.
MOST_FOR_ACCOUNT = 100
FEW = 3


def count_try(request, door, account):
    """Count a try, and return 0, or the number of seconds after which a further try is possible."""
    return _unless_broken(_count, request, door, account) or 0


def forgive(request, door, account):
    """Uncount a try that succeeded, and earlier ones for the same account from the same source."""
    _unless_broken(_forgive, request, door, account)


def source_of(request):
    """Return the visitor's IP address or, since a household has many IPv6 addresses, their common part."""
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").replace(",", " ").split()
    if proxies := settings.TRUSTED_PROXIES:
        # Each proxy appends the address from which it got the request.
        address = [*forwarded, address][-proxies - 1 :][0]
    elif "X-Forwarded-For" in request.headers:
        warn_about_proxy()
    if entry := ENTRY.fullmatch(address):
        address = entry["ipv6"] or entry["ipv4"]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        # Such as "unknown", or a Unix socket. Whatever isn't an address is one source.
        return ""
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(parsed) if parsed.version == 4 else f"{int(parsed) >> 64:x}::"


@lru_cache(maxsize=1)
def warn_about_proxy():
    logger.warning(
        "Requests come through a proxy, but TRUSTED_PROXIES is not set. Until it is, all visitors share "
        "their tries at signing in."
    )


def _unless_broken(function, *args):
    """Call a function in a transaction. If the counters can't be written, people must still get in."""
    try:
        with transaction.atomic():
            return function(*args)
    except Error as error:
        logger.error("Tries at passwords and codes cannot be counted: %s.", type(error).__name__)
        return None


def _count(request, door, account):
    for_account, here, from_source = counters = _counters(request, door, account)
    most = FEW if for_account.count >= MOST_FOR_ACCOUNT else MOST
    now = timezone.now()
    limits = ((here, most), (from_source, MOST_FROM_SOURCE))
    exhausted = [counter.until for counter, limit in limits if counter.count >= limit]
    if exhausted:
        return ceil((max(exhausted) - now).total_seconds())
    for counter in counters:
        counter.count += 1
        counter.until = now + WINDOW
        counter.save()
    return 0


def _forgive(request, door, account):
    for_account, here, from_source = _counters(request, door, account)
    here.delete()
    shared = TryCounter.objects.filter(pk__in=[for_account.pk, from_source.pk], count__gt=0)
    shared.update(count=F("count") - 1)


def _counters(request, door, account):
    """Return the counters of an account, of an account and a source, and of a source. Lock them."""
    # Other spellings of a name are the same account.
    account, source = unicodedata.normalize("NFKC", str(account)).strip().casefold(), source_of(request)
    return [_counter(door, account, None), _counter(door, account, source), _counter(_network_of(source))]


def _network_of(source):
    """Return the first 48 bits of an IPv6 address, below which anybody can have all others."""
    return source[:-6] if source.endswith("::") else source


def _counter(*parts):
    now = timezone.now()
    # Around midnight, yesterday's counters still count.
    keys = [_key(day, parts) for day in (now.date(), now.date() - timedelta(days=1))]
    counters = TryCounter.objects.select_for_update()
    counter = counters.filter(key__in=keys, until__gt=now).first()
    if counter is None:
        counter, _is_new = counters.get_or_create(key=keys[0], defaults={"until": now})
        # On PostgreSQL, another request may have counted meanwhile.
        if counter.until <= now:
            counter.count = 0
    return counter


def _key(day, parts):
    return salted_hmac(f"home.accounts.throttle {day}", repr(parts), algorithm="sha256").hexdigest()
