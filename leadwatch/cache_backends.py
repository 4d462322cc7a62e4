"""Django's caches, for which a store that fails is one that holds nothing."""

import logging
import time
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache as StockRedisCache

from leadwatch.logs import named

__all__ = ["FileCache", "RedisCache", "hashed_key"]

logger = logging.getLogger(__name__)

# Seconds that a failing operation may take before the store is left alone, and for how long it is.
SLOW, REST = 0.2, 10
# Seconds between two lines of the log.
QUIET = 60


@dataclass
class Trouble:
    """What this process knows of a failing store, in seconds of time.monotonic."""

    rest_until: float = 0
    quiet_until: float = 0


trouble = Trouble()


def hashed_key(key, key_prefix, version):
    """A key of one length, which tells nothing of an address. Django warns about keys that are too long."""
    return sha256(f"{key_prefix}:{version}:{key}".encode(errors="surrogatepass")).hexdigest()


def forgiving(name, answer):
    """The method of this name, which gives the answer of an empty store where the store fails."""

    def method(self, *args, **kwargs):
        return self._attempt(name, answer, *args, **kwargs)

    method.__name__ = name
    return method


class Forgiving:
    """Mixin of a cache backend: no operation fails."""

    def __init__(self, location, params):
        super().__init__(location, {"KEY_FUNCTION": hashed_key} | params)

    def get(self, key, default=None, version=None):
        return self._attempt("get", default, key, default=default, version=version)

    def get_many(self, keys, version=None):
        return self._attempt("get_many", {}, keys, version=version)

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        return self._attempt("set_many", list(data), data, timeout=timeout, version=version)

    def incr(self, key, delta=1, version=None):
        if (value := self._attempt("incr", None, key, delta=delta, version=version)) is None:
            # As Django says it of a key that is not there.
            raise ValueError("The key was not found.")
        return value

    add = forgiving("add", False)
    set = forgiving("set", None)
    touch = forgiving("touch", False)
    delete = forgiving("delete", False)
    delete_many = forgiving("delete_many", None)
    has_key = forgiving("has_key", False)
    clear = forgiving("clear", None)

    def _attempt(self, name, answer, *args, **kwargs):
        begun = time.monotonic()
        if begun < trouble.rest_until:
            return answer
        try:
            return getattr(super(), name)(*args, **kwargs)
        except Exception as error:
            # Each store has errors of its own, and nobody should wait for one that hangs.
            now = time.monotonic()
            if now - begun > SLOW:
                trouble.rest_until = now + REST
            if now >= trouble.quiet_until:
                trouble.quiet_until = now + QUIET
                logger.warning("The cache fails, so pages are made anew: %s", named(error))
            return answer


class FileCache(Forgiving, FileBasedCache):
    """Entries in files."""

    def _createdir(self):
        """Make the folder, if that is possible: it is called as the cache is opened, before any operation."""
        try:
            super()._createdir()
        except OSError as error:
            logger.debug("The folder of the cache could not be made: %s", named(error))


class RedisCache(Forgiving, StockRedisCache):
    """Entries in Redis."""
