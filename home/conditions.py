"""Conditions for querysets."""

from collections import defaultdict
from functools import reduce
from operator import or_

from django.db.models import F, Func, Q
from django.db.models.functions import Substr
from django.db.models.lookups import In


class Common(Func):
    """
    A column that has the same value in most rows. SQLite, which keeps no statistics, would start from its
    index and go through almost all rows.
    """

    template, arity = "%(expressions)s", 1

    def as_sqlite(self, compiler, connection):
        return self.as_sql(compiler, connection, template="+%(expressions)s")


def any_of(conditions):
    """Return the condition that one of these holds. Without any, nothing matches."""
    return reduce(or_, conditions, Q(pk__in=[]))


def below(paths, field="path"):
    """Return the condition that a page has one of these paths, or is below one. `field` is a lookup."""
    by_length = defaultdict(list)
    for path in paths:
        by_length[len(path)].append(path)
    return any_of(Q(In(Substr(F(field), 1, length), group)) for length, group in by_length.items())


def topmost(paths):
    """Return a tuple of the paths that are not below another one."""
    found = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return tuple(found)
