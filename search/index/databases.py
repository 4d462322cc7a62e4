"""
The words of the index in the database, and how each database is asked.

The table `search_words` has a row for each `Entry`, under its number. It is no model: SQLite keeps it as an
FTS5 table, PostgreSQL as vectors with GIN indexes. It holds stems, so neither has to know a language.
"""

from dataclasses import dataclass

from django.db import connection
from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText

from search.text.words import stem, words_in

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
    # PostgreSQL counts the places of words up to here, and keeps so many of one word.
    last_place = 16383
    most_places = 255
    # Bytes that a vector may have; of a longer file the beginning is kept.
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
        """The text of a vector: each word with the places where it stands, and their weights."""
        places, size = {}, 0
        # An empty word between zones, so that no phrase reaches from one into the other.
        words = ((weight, word) for weight, zone in zones.items() for word in [*zone, ""])
        for place, (weight, word) in enumerate(words, start=1):
            if not word:
                continue
            known = places.setdefault(word, [])
            if len(known) < self.most_places:
                size += 2 if known else len(word.encode()) + 8
                if size > self.longest_vector:
                    break
                known.append(f"{min(place, self.last_place)}{weight}")
        return " ".join(f"'{word}':{','.join(known)}" for word, known in places.items() if known)


def database():
    """How the database in use is asked."""
    return PostgreSQL() if connection.vendor == "postgresql" else SQLite()
