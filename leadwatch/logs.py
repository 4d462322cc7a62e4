"""Format log records without the words that visitors type."""

import logging
import os
import re
import secrets
import traceback
from contextvars import ContextVar
from urllib.parse import parse_qsl

from django.core.signals import request_started
from django.dispatch import receiver

# The query string of a URL.
QUERY_STRING = re.compile(r"(?<=\S)\?[^\s\"'<>]+")
# The same in messages of servers, where a URL may contain spaces.
REST_OF_LINE = re.compile(r"\?.*", re.DOTALL)
# Loggers of servers, which quote requests that never reached Django.
SERVERS = ("django.server", "gunicorn.")
# Loggers of requests that Django refuses, such as those with too many fields. The site is not at fault.
REFUSALS = "django.security."
# Starts of gunicorn's messages that quote a request or an address, and what is logged instead.
QUOTING = {
    "Invalid request from": "A malformed request was refused.",
    "Error handling request": "A request failed.",
}
SHORTEST_WORD = 3
HIDDEN = "…"

# The facts that the formatter needs about the current request.
_environ = ContextVar("environ", default=None)


@receiver(request_started)
def remember_request(sender, environ=None, **kwargs):
    """Signal receiver: remember the request, and give it an ID that says nothing about the client."""
    names = ("QUERY_STRING", "REQUEST_METHOD")
    facts = {name: environ.get(name, "") for name in names} if environ else {}
    _environ.set(facts | {"ID": secrets.token_hex(4)})


def request_id():
    """Return the ID of the current request, or None outside of a request."""
    return (_environ.get() or {}).get("ID")


class LineFormatter(logging.Formatter):
    """
    A formatter that omits what visitors type, and adds the ID of the request.

    Query strings are removed from every line. During a request with a query string, a body or a path that
    somebody may have made up, these are replaced, and exceptions are shown only by type and place, since a
    message like 'fts5: syntax error near "word"' quotes its input.
    """

    def format(self, record):
        line = logging.makeLogRecord(record.__dict__)
        request = getattr(record, "request", None)
        environ = getattr(request, "META", None) or _environ.get()
        is_server = record.name.startswith(SERVERS)
        line.request_id = request_id() or "-"
        line.msg, line.args = self._message(record, environ, is_server), None
        # Another handler may have formatted the exception in full.
        line.exc_text = None
        if record.name.startswith(REFUSALS):
            line.exc_info = None
        elif record.exc_info and record.exc_info[1] and (is_server or has_input(environ, request)):
            line.exc_text = without_messages(record.exc_info[1])
        return super().format(line)

    def _message(self, record, environ, is_server):
        message = record.getMessage()
        if is_server:
            plain = (plain for start, plain in QUOTING.items() if message.startswith(start))
            return next(plain, REST_OF_LINE.sub(f"?{HIDDEN}", message))
        if record.name.startswith(REFUSALS):
            # Truncate Django's message before the part that quotes the request.
            message = re.split(r" - |: |['\"]|path \(", message, maxsplit=1)[0]
        if path := getattr(getattr(record, "request", None), "path", None):
            # Django escapes paths in its messages.
            message = message.replace(path.encode("unicode_escape").decode(), shown_path(record.request))
        message = QUERY_STRING.sub(f"?{HIDDEN}", message)
        for word in words_of(environ):
            message = re.sub(re.escape(word), HIDDEN, message, flags=re.IGNORECASE)
        return message


def has_input(environ, request=None):
    """Return whether the request contains anything that a person may have typed."""
    return bool(environ) and bool(
        environ.get("QUERY_STRING")
        or environ.get("REQUEST_METHOD") not in ("GET", "HEAD", "")
        or HIDDEN in shown_path(request)
    )


def shown_path(request):
    """Return the path of a request, without the text in it unless it is the path of a page of the site."""
    match = getattr(request, "resolver_match", None)
    if request is None or getattr(request, "served_page", None):
        return getattr(request, "path", "")
    if match is None:
        return f"/{HIDDEN}"
    path = request.path
    for value in {*match.args, *match.kwargs.values()}:
        if isinstance(value, str) and value and not value.isdecimal():
            path = path.replace(value, HIDDEN)
    return path


def words_of(environ):
    """Return the words in the query string, longest first."""
    pairs = parse_qsl((environ or {}).get("QUERY_STRING", ""), keep_blank_values=True)
    # A name without a value may be something that was typed.
    text = " ".join(value or name for name, value in pairs)
    words = {word for word in re.findall(r"\w+", text) if len(word) >= SHORTEST_WORD or not word.isascii()}
    return sorted(words, key=len, reverse=True)


def without_messages(exception):
    """Format the traceback of an exception and its causes with their types only."""
    parts, seen = [], set()
    while exception is not None and id(exception) not in seen:
        seen.add(id(exception))
        parts.append(
            "".join(["Traceback:\n", *traceback.format_tb(exception.__traceback__), named(exception)])
        )
        exception = exception.__cause__ or (None if exception.__suppress_context__ else exception.__context__)
    return "\nwhich led to:\n".join(reversed(parts))


def named(exception):
    """Return the type of an exception, with the code of a system or database error."""
    name = f"{type(exception).__module__}.{type(exception).__qualname__}"
    if isinstance(exception, OSError) and exception.errno:
        return f"{name}: {os.strerror(exception.errno)}"
    # SQLite has names such as SQLITE_FULL, and PostgreSQL codes such as 53100.
    code = getattr(exception, "sqlite_errorname", None) or getattr(exception, "sqlstate", None)
    return f"{name}: {code}" if code else name
