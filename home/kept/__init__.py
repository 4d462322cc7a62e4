"""Small results, such as the menu, that are kept in the process until the content changes."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, wraps

# The Reading of the current request; None outside a request that only reads.
current = ContextVar("reading", default=None)
# The versions of the content and the results, by function and arguments.
known = {}


class Reading:
    """A request that only reads, with what it has looked up. The same look-up gives the same result."""

    def __init__(self, find_version):
        self.find_version = find_version
        self.results = {}

    @cached_property
    def version(self):
        return self.find_version()


@contextmanager
def reading(find_version=lambda: None):
    """
    Let functions decorated with `kept` look up their results at most once within the block, or not at all if
    they are known for this version of the content. The block must only read.

    :param find_version: a function that returns the version; None if there is none.
    """
    token = current.set(Reading(find_version))
    try:
        yield
    finally:
        current.reset(token)


def kept(function):
    """
    Decorate a function to keep its results. They must depend on its arguments and the stored content alone,
    be small, and never be changed; and there must be few different arguments.
    """

    @wraps(function)
    def look_up(*arguments):
        return recall((function, arguments), lambda: function(*arguments))

    return look_up


def recall(key, make):
    """Return what `make` returns, or has returned for this key and this version of the content."""
    request = current.get()
    return make() if request is None else once(key, lambda: of_version(request.version, key, make))


def once(key, make):
    """Return what `make` returns, or has returned for this key in the current request, if that only reads."""
    request = current.get()
    if request is None:
        return make()
    if key not in request.results:
        request.results[key] = make()
    return request.results[key]


def of_version(version, key, make):
    if version is None:
        return make()
    # The version was read before, so a result is never older than its version.
    then, result = known.get(key, (None, None))
    if then != version:
        result = make()
        known[key] = version, result
    return result
