"""Compile Wagtail's search queries into the query languages of SQLite and PostgreSQL."""

from collections.abc import Callable, Iterable
from typing import Any

from modelsearch.query import And, Boost, Fuzzy, Not, Or, Phrase, PlainText

from search.text.words import stem, words_in


class ExpressionCompiler:
    """Compiles a query into an expression. Subclasses know the syntax of a database."""

    AND: str
    OR: str
    NOT: str
    phrase: Callable[[Iterable[str]], str]
    prefix: Callable[[str], str]

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
                operator = self.OR if query.operator == "or" else self.AND
                return self.join(operator, [self.word(word) for word, *_ in words_in(query.query_string)])
            case Phrase():
                words = [word for word, *_ in words_in(query.query_string)]
                return self.join(self.OR, self.in_each_language(words) if words else [])
            case Boost():
                return self.compile(query.subquery)
            case Or():
                return self.join(self.OR, map(self.compile, query.subqueries))
            case And():
                parts = [self.compile(each) for each in query.subqueries if not isinstance(each, Not)]
                excluded = [self.compile(each.subquery) for each in query.subqueries if isinstance(each, Not)]
                wanted, unwanted = self.join(self.AND, parts), self.join(self.OR, excluded)
                return self.join(self.NOT, [wanted, unwanted]) if wanted else None
        raise NotImplementedError(f"The index does not support the query {query!r}.")

    def word(self, word: str) -> str | None:
        found = self.in_each_language([word])
        return self.join(self.OR, [self.prefix(word), *found] if self.is_prefix else found)

    def in_each_language(self, words: list[str]) -> list[str]:
        """Return expressions for a phrase with the stems of each language, without duplicates."""
        phrases = dict.fromkeys(tuple(stem(word, language) for word in words) for language in self.languages)
        return [self.phrase(stems) for stems in phrases]

    @staticmethod
    def join(operator: str, expressions: Iterable[str | None]) -> str | None:
        known = [expression for expression in expressions if expression]
        return f"({operator.join(known)})" if len(known) > 1 else next(iter(known), None)


class SQLiteCompiler(ExpressionCompiler):
    """Compiles for FTS5."""

    AND, OR, NOT = " AND ", " OR ", " NOT "
    phrase = staticmethod(lambda stems: f'"{" ".join(stems)}"')
    prefix = staticmethod(lambda word: f'"{word}"*')


class PostgreSQLCompiler(ExpressionCompiler):
    """Compiles for `tsquery`."""

    AND, OR, NOT = " & ", " | ", " & !"
    phrase = staticmethod(lambda stems: "({})".format(" <-> ".join(f"'{stem}'" for stem in stems)))
    prefix = staticmethod(lambda word: f"'{word}':*")
