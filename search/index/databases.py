"""
The table `search_words`, which holds the words of the index.

It has a row for each `Entry`, with the entry's id. It isn't a model: on SQLite it is an FTS5 table, on
PostgreSQL it has vectors with GIN indexes. It contains stems, so neither database needs to know a language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from search.index.expressions import PostgreSQLCompiler, SQLiteCompiler

# The weights of words in the title, summary, body and file.
WEIGHTS = (10, 5, 1.5, 0.7)

# A fragment of SQL, and its parameters.
SQL = tuple[str, list[Any]]


@dataclass
class EntryWords:
    """The words of an entry: the stems of each zone in order, and the words for autocompletion."""

    title: list[str]
    summary: list[str]
    body: list[str]
    file: list[str]
    starts: list[str]


class SQLiteTable:
    """An FTS5 table."""

    compiler = SQLiteCompiler
    zones = {"all": "title summary body file", "title": "title", "starts": "starts"}
    # The table with the columns by which matches are counted.
    counted = "search_entry"

    create = """
        CREATE VIRTUAL TABLE search_words
        USING fts5(title, summary, body, file, starts, tokenize="unicode61 remove_diacritics 0")
    """
    drop = "DROP TABLE IF EXISTS search_words"

    def condition(self, expression: str, zone: str) -> SQL:
        """Return the condition that a row of `search_words` matches in a zone."""
        return "search_words MATCH %s", [f"{{{self.zones[zone]}}} : {expression}"]

    def rank(self, expression: str, zone: str) -> SQL:
        """Return an expression that is lower for better matches."""
        return f"bm25(search_words, {', '.join(map(str, WEIGHTS))}, 1)", []

    def among(self, column: str, ids: list[int]) -> SQL:
        """Return the condition that a column has one of these ids."""
        return f"{column} IN ({', '.join(map(str, ids))})", []

    def write(self, words: Mapping[int, EntryWords]) -> None:
        """Insert or replace rows, by the id of the entry."""
        rows = [
            [pk, *(" ".join(zone) for zone in (each.title, each.summary, each.body, each.file, each.starts))]
            for pk, each in words.items()
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT OR REPLACE INTO search_words (rowid, title, summary, body, file, starts)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                rows,
            )


class PostgreSQLTable:
    """A table of vectors. They are built here, so that they don't depend on the server's configuration."""

    compiler = PostgreSQLCompiler
    zones = {"all": "words", "title": "title", "starts": "starts"}
    # Triggers copy the columns (see migration 0002). A join with all entries would take half of the time.
    counted = "search_words"
    # PostgreSQL's limits for the position of a word, and for the number of positions of one word.
    max_position = 16383
    max_positions = 255
    # Maximum size of a vector in bytes. The end of a longer file is left out.
    max_vector = 1_000_000

    create = """
        CREATE TABLE search_words (
            rowid bigint PRIMARY KEY,
            title tsvector NOT NULL,
            words tsvector NOT NULL,
            starts tsvector NOT NULL
        );
        CREATE INDEX search_words_title ON search_words USING gin (title);
        CREATE INDEX search_words_words ON search_words USING gin (words);
        CREATE INDEX search_words_starts ON search_words USING gin (starts);
    """
    drop = SQLiteTable.drop

    def condition(self, expression: str, zone: str) -> SQL:
        return f"search_words.{self.zones[zone]} @@ %s::tsquery", [expression]

    def rank(self, expression: str, zone: str) -> SQL:
        weights = ", ".join(str(weight / WEIGHTS[0]) for weight in reversed(WEIGHTS))
        column = f"search_words.{self.zones[zone]}"
        return f"-ts_rank('{{{weights}}}', {column}, %s::tsquery)", [expression]

    def among(self, column: str, ids: list[int]) -> SQL:
        # To plan a list of thousands of numbers takes ten times as long.
        return f"{column} = ANY(%s)", [ids]

    def write(self, words: Mapping[int, EntryWords]) -> None:
        rows = [
            [
                pk,
                self.vector(A=each.title),
                self.vector(A=each.title, B=each.summary, C=each.body, D=each.file),
                self.vector(A=each.starts),
            ]
            for pk, each in words.items()
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words (rowid, title, words, starts)"
                " VALUES (%s, %s::tsvector, %s::tsvector, %s::tsvector)"
                " ON CONFLICT (rowid) DO UPDATE SET"
                " title = EXCLUDED.title, words = EXCLUDED.words, starts = EXCLUDED.starts",
                rows,
            )

    def vector(self, **zones: list[str]) -> str:
        """Return the text of a vector: each word with its positions and their weights."""
        positions: dict[str, list[str]] = {}
        size = 0
        # The empty word after each zone keeps phrases from matching across zones.
        words = ((weight, word) for weight, zone in zones.items() for word in [*zone, ""])
        for position, (weight, word) in enumerate(words, start=1):
            if not word:
                continue
            known = positions.setdefault(word, [])
            if len(known) < self.max_positions:
                size += 2 if known else len(word.encode()) + 8
                if size > self.max_vector:
                    break
                known.append(f"{min(position, self.max_position)}{weight}")
        return " ".join(f"'{word}':{','.join(known)}" for word, known in positions.items() if known)


def database() -> SQLiteTable | PostgreSQLTable:
    return PostgreSQLTable() if connection.vendor == "postgresql" else SQLiteTable()
