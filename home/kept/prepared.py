"""Querysets whose SQL is compiled once: compiling takes Django longer than the database takes to answer."""

from copy import copy

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, Field, QuerySet


class Parameter(Expression):
    """The value at a place, counted from 0, in a call of a Prepared query. The database gets it as it is."""

    sql = "%s"

    def __init__(self, place):
        super().__init__(output_field=Field())
        self.place = place

    def as_sql(self, compiler, connection):
        return self.sql, [self]

    def of(self, values):
        """Return what the database gets, as a list."""
        return [values[self.place]]


class Parameters(Parameter):
    """The list of values at a place, for the lookup `in`. An empty list matches nothing."""

    sql = "(%s)"

    def of(self, values):
        return list(values[self.place]) or [None]


class Prepared:
    """
    A queryset with Parameters, and its SQL. A call with their values returns a list of what it finds.

        pages_at = Prepared(Page.objects.filter(depth=Parameter(0), slug__in=Parameters(1)))
        pages = pages_at(3, ["about", "contact"])
    """

    def __init__(self, queryset):
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(queryset.db)
        try:
            sql, self.parameters = self.compiler.as_sql()
        except EmptyResultSet:
            self.parts = []
        else:
            self.parts = sql.split("%s")
            # To find out which columns need to be converted takes as long as a small query.
            columns = [column for column, *_rest in self.compiler.select]
            self.converters = self.compiler.get_converters(columns)
            assert len(self.parts) == len(self.parameters) + 1, sql

    def __call__(self, *values):
        if not self.parts:
            return []
        sql, given = self.parts[0], []
        for each, part in zip(self.parameters, self.parts[1:], strict=True):
            found = each.of(values) if isinstance(each, Parameter) else [each]
            sql += ", ".join(["%s"] * len(found)) + part
            given += found
        compiler = copy(self.compiler)
        # Each thread has its own connection.
        compiler.connection = connections[self.queryset.db]
        compiler.as_sql = lambda *args, **kwargs: (sql, tuple(given))
        compiler.get_converters = lambda expressions: self.converters
        found = self.queryset.all()
        found.query.get_compiler = lambda *args, **kwargs: compiler
        return list(found)


def is_stored(related):
    """Return whether related objects of a page are those in the database, not those of a draft."""
    return isinstance(related, QuerySet)
