"""Query the index for the entries that match."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django.db import connection

from search.index.databases import SQL, database

# The value of a column, and its score.
Scored = tuple[Any, float]


class Matches:
    """The entries that match a query. Each method runs one statement."""

    # If more entries match, they are ordered by zone and age instead of relevance.
    MAX_RANKED = 5000

    def __init__(
        self,
        query: Any,
        *,
        languages: list[str],
        zone: str = "all",
        where: str = "",
        parameters: Iterable[Any] = (),
    ) -> None:
        """
        :param query: one of Wagtail's search queries.
        :param languages: language codes. Words are found by their stem in any of them.
        :param zone: "all", "title", or "starts" for the beginnings of words in titles.
        :param where: another SQL condition on `search_entry`, with its parameters.
        """
        self.database = database()
        self.counted = self.database.counted
        self.zone = zone
        self.expression = self.database.compiler(languages, is_prefix=zone == "starts").compile(query)
        self.where, self.parameters = where, list(parameters)

    def narrowed_to(self, zone: str) -> "Matches":
        """Return the matches in one zone."""
        other = copy(self)
        other.zone = zone
        return other

    def source(self, table: str = "search_entry") -> SQL:
        """Return the clauses FROM and WHERE, and their parameters. The table has the condition's columns."""
        if self.expression is None:
            return f"FROM {table} WHERE 1 = 0", []
        condition, parameters = self.database.condition(self.expression, self.zone)
        tables = "search_words"
        if table == "search_entry":
            # SQLite starts with the left side of a cross join, which should be the smaller one.
            tables += " CROSS JOIN search_entry"
            condition = f"search_entry.id = search_words.rowid AND {condition}"
        where = f" AND {self.where.replace('search_entry.', f'{table}.')}" if self.where else ""
        return f"FROM {tables} WHERE {condition}{where}", [*parameters, *self.parameters]

    def statement(self, columns: str, rest: str = "") -> SQL:
        """Return a SELECT statement with these columns, and its parameters."""
        source, parameters = self.source()
        return f"SELECT {columns} {source} {rest}", parameters

    def rows(
        self, columns: str, rest: str = "", before: Iterable[Any] = (), after: Iterable[Any] = ()
    ) -> list[tuple]:
        """
        Fetch rows with these columns.

        :param before: the parameters of the columns.
        :param after: the parameters of the rest of the statement.
        """
        sql, parameters = self.statement(columns, rest)
        return _rows(sql, [*before, *parameters, *after])

    def count(self) -> int:
        """Return the number of matching entries."""
        return self.rows("COUNT(*)")[0][0]

    def count_by(self, column: str) -> list[tuple[Any, int]]:
        """
        Return the number of matching entries by the value of a column of `search_entry`. PostgreSQL must have
        copies of this column and of those in the condition.
        """
        source, parameters = self.source(self.counted)
        name = f"{self.counted}.{column}"
        return _rows(f"SELECT {name}, COUNT(*) {source} GROUP BY {name}", parameters)

    def is_common(self) -> bool:
        """Return whether more entries match than can be ranked."""
        return bool(self.rows("1", "LIMIT 1 OFFSET %s", after=[self.MAX_RANKED]))

    def ranked(self, column: str, limit: int, is_common: bool | None = None) -> list[Scored]:
        """
        Return the best matches first: the value of a column of `search_entry`, and a score, which is lower
        for better matches.

        If the words are common, matches in titles come first, then the others, each with the newest first. To
        rank a hundred thousand entries by the frequency of such a word would be slow and tell little.

        :param is_common: the result of `is_common`, if it is known already.
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

    def _newest(self, column: str, limit: int) -> list[Scored]:
        zones = [self.narrowed_to("title"), self] if self.zone == "all" else [self]
        parts, parameters = [], []
        for score, matches in enumerate(zones):
            sql, own = matches.statement(
                f"search_entry.{column}, {score}", "ORDER BY search_words.rowid DESC LIMIT %s"
            )
            parts.append(f"SELECT * FROM ({sql}) AS part_{score}")
            parameters += [*own, limit]
        found: dict[Any, float] = {}
        for value, score in _rows(" UNION ALL ".join(parts), parameters):
            found.setdefault(value, score)
        return list(found.items())[:limit]


class ListedMatches(Matches):
    """The entries with the given ids."""

    counted = "search_entry"

    def __init__(self, ids: list[int], where: str, parameters: Iterable[Any]) -> None:
        """
        :param ids: best first.
        :param where: another SQL condition on `search_entry`, with its parameters.
        """
        self.ids = ids
        self.where, self.parameters = where, list(parameters)

    def source(self, table: str = "search_entry") -> SQL:
        if not self.ids:
            return "FROM search_entry WHERE 1 = 0", []
        places = ", ".join(["%s"] * len(self.ids))
        return (
            f"FROM search_entry WHERE search_entry.id IN ({places}) AND {self.where}",
            [*self.ids, *self.parameters],
        )

    def ranked(self, column: str, limit: int, is_common: bool | None = None) -> list[Scored]:
        rank = {pk: number for number, pk in enumerate(self.ids)}
        rows = self.rows(f"search_entry.id, search_entry.{column}")
        rows.sort(key=lambda row: rank[row[0]])
        return [(value, rank[pk]) for pk, value in rows[:limit]]


def _rows(sql: str, parameters: list[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
