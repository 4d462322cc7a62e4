"""Streamed responses, which are made after their view has returned."""

from contextlib import nullcontext
from functools import wraps

from django.utils.translation import get_language, override


def in_language_of_caller(generate):
    """Run a generator function in the language of its caller, not in that of the moment of each piece."""

    @wraps(generate)
    def begin(*args, **kwargs):
        return in_language(get_language(), generate(*args, **kwargs))

    return begin


def in_language(language, pieces):
    end = object()
    while True:
        # To change the language takes longer than to ask for it.
        with nullcontext() if get_language() == language else override(language):
            piece = next(pieces, end)
        if piece is end:
            return
        yield piece
