"""The entries that a query matches."""

from copy import copy

from django.db import connection

from search.index.databases import database


class Match:
    """The entries that a query matches. Each question is one statement."""

    # Of more matches, which come first is decided by where the words stand, not by how often.
    MOST_RANKED = 5000

    def __init__(self, query, *, languages, zone="all", where="", parameters=()):
        """
        :param query: one of Wagtail's search queries.
        :param languages: codes; a word is looked for as it is stemmed in any of them.
        :param zone: "all", "title", or "starts" for the beginnings of words in titles.
        :param where: a further condition on `search_entry`, in SQL, with its parameters.
        """
        self.database = database()
        self.zone = zone
        self.expression = self.database.compiler(languages, is_prefix=zone == "starts").compile(query)
        self.where, self.parameters = where, list(parameters)

    def narrowed_to(self, zone):
        """The same match in one zone only."""
        other = copy(self)
        other.zone = zone
        return other

    @property
    def source(self):
        """The clauses FROM and WHERE of every statement, and their parameters."""
        if self.expression is None:
            return "FROM search_entry WHERE 1 = 0", []
        condition, parameters = self.database.condition(self.expression, self.zone)
        return (
            # SQLite begins with the left side of a cross join: the words are fewer than the entries.
            "FROM search_words CROSS JOIN search_entry WHERE search_entry.id = search_words.rowid"
            f" AND {condition}{f' AND {self.where}' if self.where else ''}",
            [*parameters, *self.parameters],
        )

    def statement(self, columns, rest=""):
        """A statement for rows of these columns, and its parameters."""
        source, parameters = self.source
        return f"SELECT {columns} {source} {rest}", parameters

    def rows(self, columns, rest="", before=(), after=()):
        """Rows of these columns; `before` and `after` are the parameters around those of the match."""
        sql, parameters = self.statement(columns, rest)
        return _rows(sql, [*before, *parameters, *after])

    def count(self):
        """How many entries match."""
        return self.rows("COUNT(*)")[0][0]

    def count_by(self, column):
        """Pairs of a value of a column of `search_entry` and of how many entries have it."""
        return self.rows(f"search_entry.{column}, COUNT(*)", f"GROUP BY search_entry.{column}")

    def is_common(self):
        """Whether more entries match than are ranked."""
        return bool(self.rows("1", "LIMIT 1 OFFSET %s", after=[self.MOST_RANKED]))

    def ranked(self, column, limit, is_common=None):
        """
        The best matches, the best first: pairs of a column of `search_entry` and a score; lower is better.

        Where the words are common, those whose title has them come first, then the others, each time what
        came into the index last: to count how often a word is in each of a hundred thousand entries takes
        long and tells little.

        :param is_common: what `is_common` says, if that is known already.
        """
        if self.expression is None:
            return []
        if self.is_common() if is_common is None else is_common:
            return self._newest(column, limit)
        rank, parameters = self.database.rank(self.expression, self.zone)
        return self.rows(
            f"search_entry.{column}, {rank} AS score",
            "ORDER BY score, search_entry.id DESC LIMIT %s",
            before=parameters,
            after=[limit],
        )

    def _newest(self, column, limit):
        matches = [self.narrowed_to("title"), self] if self.zone == "all" else [self]
        parts, parameters = [], []
        for score, match in enumerate(matches):
            sql, own = match.statement(
                f"search_entry.{column}, {score}", "ORDER BY search_words.rowid DESC LIMIT %s"
            )
            parts.append(f"SELECT * FROM ({sql}) AS part_{score}")
            parameters += [*own, limit]
        found = {}
        for value, score in _rows(" UNION ALL ".join(parts), parameters):
            found.setdefault(value, score)
        return list(found.items())[:limit]


def _rows(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
