"""Compile Wagtail's search queries into the query languages of SQLite and PostgreSQL."""

from collections.abc import Callable, Iterable
from typing import Any

from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText

from search.text.words import stem, words_in

Connect = Callable[[list[str]], str]


class ExpressionCompiler:
    """Compiles a query into an expression. Subclasses know the syntax of a database."""

    def __init__(self, languages: list[str], is_prefix: bool = False) -> None:
        """
        :param languages: language codes. Words are found by their stem in any of them.
        :param is_prefix: whether the beginning of a word is enough.
        """
        self.languages = languages
        self.is_prefix = is_prefix

    def compile(self, query: Any) -> str | None:
        """
        Return an expression, or None if the query has no words.

        :param query: one of Wagtail's search queries.
        :raises NotImplementedError: for an unknown type of query.
        """
        match query:
            case PlainText() | Fuzzy():
                connect = self.any_of if query.operator == "or" else self.all_of
                return self.join(connect, [self.word(word) for word, *_ in words_in(query.query_string)])
            case Phrase():
                words = [word for word, *_ in words_in(query.query_string)]
                return self.join(self.any_of, self.in_each_language(words) if words else [])
            case Boost():
                return self.compile(query.subquery)
            case Or():
                return self.join(self.any_of, map(self.compile, query.subqueries))
            case And():
                parts = [self.compile(each) for each in query.subqueries if not isinstance(each, Not)]
                excluded = [self.compile(each.subquery) for each in query.subqueries if isinstance(each, Not)]
                wanted, unwanted = self.join(self.all_of, parts), self.join(self.any_of, excluded)
                return self.but_not(wanted, unwanted) if wanted and unwanted else wanted
        raise NotImplementedError(f"The index does not support the query {query!r}.")

    def word(self, word: str) -> str | None:
        found = self.in_each_language([word])
        return self.join(self.any_of, [self.prefix(word), *found] if self.is_prefix else found)

    def in_each_language(self, words: list[str]) -> list[str]:
        """Return expressions for a phrase with the stems of each language, without duplicates."""
        phrases = dict.fromkeys(tuple(stem(word, language) for word in words) for language in self.languages)
        return [self.phrase(stems) for stems in phrases]

    @staticmethod
    def join(connect: Connect, expressions: Iterable[str | None]) -> str | None:
        known = [expression for expression in expressions if expression]
        return connect(known) if len(known) > 1 else next(iter(known), None)

    def phrase(self, stems: Iterable[str]) -> str:
        raise NotImplementedError

    def prefix(self, word: str) -> str:
        raise NotImplementedError

    def all_of(self, expressions: list[str]) -> str:
        raise NotImplementedError

    def any_of(self, expressions: list[str]) -> str:
        raise NotImplementedError

    def but_not(self, wanted: str, unwanted: str) -> str:
        raise NotImplementedError


class SQLiteCompiler(ExpressionCompiler):
    """Compiles for FTS5."""

    def phrase(self, stems: Iterable[str]) -> str:
        return f'"{" ".join(stems)}"'

    def prefix(self, word: str) -> str:
        return f'"{word}"*'

    def all_of(self, expressions: list[str]) -> str:
        return f"({' AND '.join(expressions)})"

    def any_of(self, expressions: list[str]) -> str:
        return f"({' OR '.join(expressions)})"

    def but_not(self, wanted: str, unwanted: str) -> str:
        return f"({wanted} NOT {unwanted})"


class PostgreSQLCompiler(ExpressionCompiler):
    """Compiles for `tsquery`."""

    def phrase(self, stems: Iterable[str]) -> str:
        quoted = [f"'{stem}'" for stem in stems]
        return f"({' <-> '.join(quoted)})"

    def prefix(self, word: str) -> str:
        return f"'{word}':*"

    def all_of(self, expressions: list[str]) -> str:
        return f"({' & '.join(expressions)})"

    def any_of(self, expressions: list[str]) -> str:
        return f"({' | '.join(expressions)})"

    def but_not(self, wanted: str, unwanted: str) -> str:
        return f"({wanted} & !{unwanted})"
