"""Django's cache backends, except that a failing store acts like an empty one."""

import logging
import os
import random
import tempfile
import time
from hashlib import sha256
from types import SimpleNamespace

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache as StockRedisCache

from leadwatch.logs import named

logger = logging.getLogger(__name__)

# A store is skipped for REST seconds after an operation failed and took more than SLOW seconds.
SLOW, REST = 0.2, 10
# Seconds between two warnings in the log.
QUIET = 60
# How often a file that is written makes room for others, if necessary.
CULLED = 0.01


# The state of a failing store in this process, in seconds of time.monotonic.
trouble = SimpleNamespace(rest_until=0, quiet_until=0)


def hashed_key(key, key_prefix, version):
    """Return a key of fixed length that does not reveal a URL. Django logs keys that are too long."""
    return sha256(f"{key_prefix}:{version}:{key}".encode(errors="surrogatepass")).hexdigest()


def forgiving(name, answer):
    """Return a method of this name that acts like one of an empty store if the store fails."""

    def method(self, *args, **kwargs):
        return self._attempt(name, answer, *args, **kwargs)

    method.__name__ = name
    return method


class Forgiving:
    """Mixin for a cache backend whose operations never fail."""

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
            # Django raises this for a missing key.
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
            # Each store raises errors of its own, and nobody should wait for one that hangs.
            now = time.monotonic()
            if now - begun > SLOW:
                trouble.rest_until = now + REST
            if now >= trouble.quiet_until:
                trouble.quiet_until = now + QUIET
                logger.warning("The cache fails, so pages are rendered for each request: %s", named(error))
            return answer


class QuickFiles(FileBasedCache):
    """Django's backend, for many files and several processes."""

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        # Django looks first and then writes, so two processes may both succeed.
        path = self._key_to_file(key, version)
        if self.has_key(key, version):
            return False
        self._createdir()
        with tempfile.NamedTemporaryFile(dir=self._dir) as file:
            self._write_content(file, timeout, value)
            file.flush()
            try:
                os.link(file.name, path)
            except FileExistsError:
                return False
        return True

    def _cull(self):
        # Django lists all files for each one that it writes.
        if random.random() < CULLED:
            super()._cull()


class FileCache(Forgiving, QuickFiles):
    """A cache in files."""

    def _createdir(self):
        """Create the folder if possible. Django calls this when it opens the cache, before any operation."""
        try:
            super()._createdir()
        except OSError as error:
            logger.debug("The cache folder could not be created: %s", named(error))


class RedisCache(Forgiving, StockRedisCache):
    """A cache in Redis."""
