"""
The words of the index in the database, and how each database is asked.

The table `search_words` has a row for each `Entry`, under its number. It is no model: SQLite keeps it as an
FTS5 table, PostgreSQL as vectors with GIN indexes. It holds stems, so neither has to know a language.
"""

from dataclasses import dataclass

from django.db import connection
from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText

from search.words import LONGEST_WORD, stem, words_in

# How much a word counts that is in the title, in the summary, in the text, in the file.
WEIGHTS = (10, 5, 1.5, 0.7)


@dataclass
class Row:
    """What is written of an entry: stems in order, zone by zone, and the words that may be begun to type."""

    title: list
    summary: list
    body: list
    file: list
    starts: list


class Compiler:
    """Turns one of Wagtail's search queries into the language of a database."""

    def __init__(self, languages, is_prefix=False):
        """
        :param languages: codes; a word is looked for as it is stemmed in any of them.
        :param is_prefix: whether the beginning of a word is enough.
        """
        self.languages = languages
        self.is_prefix = is_prefix

    def compile(self, query):
        """
        :returns: an expression, or None where there is nothing to look for.
        :raises NotImplementedError: for a kind of query that is not known.
        """
        match query:
            case PlainText() | Fuzzy():
                connect = self.any_of if query.operator == "or" else self.all_of
                return self.join(connect, [self.word(word) for word, *_ in words_in(query.query_string)])
            case Phrase():
                words = [word for word, *_ in words_in(query.query_string)]
                return self.join(self.any_of, self.distinct(self.phrase, words) if words else [])
            case Boost():
                return self.compile(query.subquery)
            case Or():
                return self.join(self.any_of, map(self.compile, query.subqueries))
            case And():
                wanted = [self.compile(each) for each in query.subqueries if not isinstance(each, Not)]
                unwanted = [self.compile(each.subquery) for each in query.subqueries if isinstance(each, Not)]
                wanted, unwanted = self.join(self.all_of, wanted), self.join(self.any_of, unwanted)
                return self.but_not(wanted, unwanted) if wanted and unwanted else wanted
        raise NotImplementedError(f"The index cannot look for {query!r}.")

    def word(self, word):
        found = self.distinct(self.phrase, [word])
        return self.join(self.any_of, [self.prefix(word), *found] if self.is_prefix else found)

    def distinct(self, express, words):
        """The words as they are stemmed in each language, each way once."""
        ways = dict.fromkeys(tuple(stem(word, language) for word in words) for language in self.languages)
        return [express(way) for way in ways]

    @staticmethod
    def join(connect, expressions):
        expressions = [expression for expression in expressions if expression]
        return connect(expressions) if len(expressions) > 1 else next(iter(expressions), None)


class SQLiteCompiler(Compiler):
    def phrase(self, stems):
        return f'"{" ".join(stems)}"'

    def prefix(self, word):
        return f'"{word}"*'

    def all_of(self, expressions):
        return f"({' AND '.join(expressions)})"

    def any_of(self, expressions):
        return f"({' OR '.join(expressions)})"

    def but_not(self, wanted, unwanted):
        return f"({wanted} NOT {unwanted})"


class SQLite:
    """The words as an FTS5 table."""

    compiler = SQLiteCompiler
    zones = {"all": "title summary body file", "title": "title", "starts": "starts"}

    create = """
        CREATE VIRTUAL TABLE search_words
        USING fts5(title, summary, body, file, starts, tokenize="unicode61 remove_diacritics 0")
    """
    drop = "DROP TABLE IF EXISTS search_words"

    def condition(self, expression, zone):
        """The condition that a row of `search_words` matches: SQL and its parameters."""
        return "search_words MATCH %s", [f"{{{self.zones[zone]}}} : {expression}"]

    def rank(self, expression, zone):
        """An expression by which the best match comes first: SQL and its parameters."""
        return f"bm25(search_words, {', '.join(map(str, WEIGHTS))}, 1)", []

    def write(self, rows):
        """
        Put the words of entries in the place of those that are there.

        :param rows: a `Row` for each number of an entry.
        """
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT OR REPLACE INTO search_words (rowid, title, summary, body, file, starts)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [
                    [
                        pk,
                        *(
                            " ".join(zone)
                            for zone in (row.title, row.summary, row.body, row.file, row.starts)
                        ),
                    ]
                    for pk, row in rows.items()
                ],
            )


class PostgreSQLCompiler(Compiler):
    def phrase(self, stems):
        quoted = [f"'{stem}'" for stem in stems]
        return f"({' <-> '.join(quoted)})"

    def prefix(self, word):
        return f"'{word}':*"

    def all_of(self, expressions):
        return f"({' & '.join(expressions)})"

    def any_of(self, expressions):
        return f"({' | '.join(expressions)})"

    def but_not(self, wanted, unwanted):
        return f"({wanted} & !{unwanted})"


class PostgreSQL:
    """The words as vectors, made here, so that no configuration of the server has a say in it."""

    compiler = PostgreSQLCompiler
    zones = {"all": "words", "title": "title", "starts": "starts"}
    # PostgreSQL counts the places of words up to here, and of one word so many.
    last_place = 16383
    # Bytes that a vector may have; a file with more different words than that is cut.
    longest_vector = 1_000_000

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
    drop = "DROP TABLE IF EXISTS search_words"

    def condition(self, expression, zone):
        return f"search_words.{self.zones[zone]} @@ %s::tsquery", [expression]

    def rank(self, expression, zone):
        weights = ", ".join(str(weight / WEIGHTS[0]) for weight in reversed(WEIGHTS))
        column = f"search_words.{self.zones[zone]}"
        return f"-ts_rank('{{{weights}}}', {column}, %s::tsquery)", [expression]

    def write(self, rows):
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words (rowid, title, words, starts)"
                " VALUES (%s, %s::tsvector, %s::tsvector, %s::tsvector)"
                " ON CONFLICT (rowid) DO UPDATE SET"
                " title = EXCLUDED.title, words = EXCLUDED.words, starts = EXCLUDED.starts",
                [
                    [
                        pk,
                        self.vector(A=row.title),
                        self.vector(A=row.title, B=row.summary, C=row.body, D=row.file),
                        self.vector(A=row.starts),
                    ]
                    for pk, row in rows.items()
                ],
            )

    def vector(self, **zones):
        """The text of a vector: each word with the places where it stands, and their weight."""
        places = {}
        place = size = 0
        for weight, words in zones.items():
            for word in words:
                place += 1
                if word not in places:
                    size += 4 * LONGEST_WORD if len(word) > LONGEST_WORD else 4 * len(word) + 8
                    if size > self.longest_vector:
                        break
                places.setdefault(word, []).append(f"{min(place, self.last_place)}{weight}")
        return " ".join(f"'{word}':{','.join(where)}" for word, where in places.items())


def database():
    """How the database in use is asked."""
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()


class Match:
    """The entries that a query matches. Each question is one statement."""

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

    # From so many matches on, which of them are ranked is decided by where the words stand, not by how often.
    MOST_RANKED = 5000

    def narrowed_to(self, zone):
        """The same match in one zone only."""
        other = object.__new__(Match)
        other.__dict__ = self.__dict__ | {"zone": zone}
        return other

    @property
    def source(self):
        """The clauses FROM and WHERE of every statement, and their parameters."""
        if self.expression is None:
            return "FROM search_entry WHERE 1 = 0", []
        condition, parameters = self.database.condition(self.expression, self.zone)
        return (
            "FROM search_words JOIN search_entry ON search_entry.id = search_words.rowid"
            f" WHERE {condition}{f' AND {self.where}' if self.where else ''}",
            [*parameters, *self.parameters],
        )

    def select(self, columns, rest="", before=(), after=()):
        """Rows of these columns; `before` and `after` are the parameters around those of the match."""
        source, parameters = self.source
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} {source} {rest}", [*before, *parameters, *after])
            return cursor.fetchall()

    def ids(self, column):
        """A statement that gives the values of a column of `search_entry`, and its parameters."""
        source, parameters = self.source
        return f"SELECT search_entry.{column} {source}", parameters

    def count_by(self, columns):
        """Rows of these columns and of how many entries have them."""
        return self.select(f"{columns}, COUNT(*)", f"GROUP BY {columns}")

    def is_common(self):
        """Whether more entries match than are ranked."""
        return bool(self.select("1", "LIMIT 1 OFFSET %s", after=[self.MOST_RANKED]))

    def ranked(self, column, limit, is_common=None):
        """
        The best matches, the best first: pairs of a column of `search_entry` and a score; lower is better.

        Where the words are common, those whose title has them come first, then the others, the newest first:
        counting how often a word is in each of a hundred thousand entries takes long and tells little.

        :param is_common: what `is_common` says, if that is known already.
        """
        if self.expression is None:
            return []
        if self.is_common() if is_common is None else is_common:
            return self._newest(column, limit)
        rank, parameters = self.database.rank(self.expression, self.zone)
        return self.select(
            f"search_entry.{column}, {rank} AS score",
            "ORDER BY score, search_entry.id DESC LIMIT %s",
            before=parameters,
            after=[limit],
        )

    def _newest(self, column, limit):
        newest = "ORDER BY search_words.rowid DESC LIMIT %s"
        matches = [self.narrowed_to("title"), self] if self.zone == "all" else [self]
        found = {}
        for score, match in enumerate(matches):
            for (value,) in match.select(f"search_entry.{column}", newest, after=[limit]):
                found.setdefault(value, score)
        return list(found.items())[:limit]
