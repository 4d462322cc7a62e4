"""Querysets whose SQL is compiled once: compiling takes Django longer than the database takes to answer."""

from copy import copy

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, Field, QuerySet


class Parameter(Expression):
    """The value at a place, counted from 0, in a call of a Prepared query. The database gets it as it is."""

    def __init__(self, place):
        super().__init__(output_field=Field())
        self.place = place

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Prepared:
    """
    A queryset with Parameters, and its SQL. A call with their values returns a list of what it finds.

        pages_with_slug = Prepared(Page.objects.filter(slug=Parameter(0)))
        pages = pages_with_slug("about")
    """

    def __init__(self, queryset):
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(queryset.db)
        try:
            self.sql, self.parameters = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql = ""

    def __call__(self, *values):
        if not self.sql:
            return []
        given = tuple(values[each.place] if isinstance(each, Parameter) else each for each in self.parameters)
        compiler = copy(self.compiler)
        # Each thread has its own connection.
        compiler.connection = connections[self.queryset.db]
        compiler.as_sql = lambda *args, **kwargs: (self.sql, given)
        found = self.queryset.all()
        found.query.get_compiler = lambda *args, **kwargs: compiler
        return list(found)


def is_stored(related):
    """Return whether related objects of a page are those in the database, not those of a draft."""
    return isinstance(related, QuerySet)
