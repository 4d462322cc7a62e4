"""What is asked of our search and of Wagtail's own, and how long the answers take."""

import sys
import threading
import time
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from modelsearch.backends.database import SearchBackend as stock_backend
from modelsearch.index import get_indexed_models
from wagtail.models import Locale, Page
from wagtail.search.backends import get_search_backend

from search.results.finding import suggestions
from search.views import search
from tests.bench.search import PATIENCE, RUNS
from tests.bench.search_pages import COMMON, RARE, fill
from timeline.models import EventPage

# Seconds after which a slow question is not repeated.
LONG_ENOUGH = 10
# As many as Wagtail's `update_index` takes.
CHUNK = 1000


def measure(size, too_slow):
    """
    Fill an empty database with pages, both indexes with these, and ask.

    :param too_slow: names of stock's questions that need not be asked any more.
    :returns: a dictionary for json, see `answers` and `filled`.
    """
    say(f"{size:,} pages: making them")
    fill(size)
    stock = stock_backend({})
    found = {"database": version(), "size": size, "filling": {}}
    say(f"{size:,} pages: filling our index")
    found["filling"]["ours"] = filled(get_search_backend())
    say(f"{size:,} pages: asking ours")
    # Before the other index takes room in the same file and the same memory.
    found["ours"] = answers(our_questions())
    say(f"{size:,} pages: filling stock's index")
    found["filling"]["stock"] = filled(stock)
    say(f"{size:,} pages: asking stock's")
    found["stock"] = answers(stock_questions(stock), too_slow)
    return found


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {connection.display_name}, {text}", file=sys.stderr, flush=True)


def version():
    """Name and version of the database."""
    number = connection.get_database_version()
    return f"{connection.display_name} {'.'.join(map(str, number))}"


def filled(backend):
    """Put all pages into an index: milliseconds for each page, those to load it not counted."""
    count = seconds = 0
    for model in get_indexed_models():
        if not issubclass(model, Page):
            continue
        for chunk in chunks_of(model):
            start = time.perf_counter()
            backend.add_bulk(model, chunk)
            seconds += time.perf_counter() - start
            count += len(chunk)
    if connection.vendor == "postgresql":
        # As its daemon does sooner or later.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return seconds / count * 1000


def chunks_of(model):
    """The pages of a type in lists."""
    pages = model.get_indexed_objects().order_by("pk")
    if issubclass(model, EventPage):
        pages = pages.for_exchange()
    last = 0
    while chunk := list(pages.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def our_questions():
    """What is asked of our index, by name and word; each answers with the number of what it found."""
    asked = {
        "search": search_page,
        "narrowed": partial(search_page, kind="event", year="2017-2019"),
        "suggestions": suggested,
        "admin_begun": lambda word: count_and_first(Page.objects.all().autocomplete(word)),
        "admin_search": lambda word: count_and_first(Page.objects.search(word)),
    }
    return {(name, word): partial(ask, word) for name, ask in asked.items() for word in (RARE, COMMON)}


def stock_questions(stock):
    asked = {
        "begun": lambda word: count_and_first(stock.autocomplete(word, Page.objects.all())),
        "search": lambda word: count_and_first(stock.search(word, Page.objects.all())),
    }
    return {(name, word): partial(ask, word) for name, ask in asked.items() for word in (RARE, COMMON)}


def search_page(word, **narrowed):
    """All that the search page's view does before its template."""
    context = search(request("/search/", q=word, **narrowed)).context_data
    assert len(context["results"].object_list) == min(context["search"].total, 20)
    return context["search"].total


def suggested(word):
    return len(suggestions(word, Locale.get_active(), request("/search/suggest/", q=word)))


def request(path, **parameters):
    return RequestFactory(headers={"host": settings.ALLOWED_HOSTS[0]}).get(path, parameters)


def count_and_first(found):
    """What a list in the admin asks: how many there are, and its first ten."""
    count = found.count()
    assert len(found[:10]) == min(count, 10)
    return count


def answers(questions, too_slow=()):
    """
    :returns: by name and word, as "search:lead": None where it is not asked, else how many things are found
        (None where it took too long), milliseconds of each run, and the number of queries.
    """
    return {
        f"{name}:{word}": None if f"{name}:{word}" in too_slow else answer(ask)
        for (name, word), ask in questions.items()
    }


def answer(ask):
    try:
        with stopped_after(PATIENCE), CaptureQueriesContext(connection) as queries:
            first, count = timed(ask)
    except OperationalError:
        return {"found": None, "times": [PATIENCE * 1000], "queries": None}
    if first > LONG_ENOUGH * 1000:
        return {"found": count, "times": [first], "queries": len(queries)}
    with CaptureQueriesContext(connection) as queries:
        ask()
    times = []
    while len(times) < RUNS and sum(times) < LONG_ENOUGH * 1000:
        times.append(timed(ask)[0])
    return {"found": count, "times": times, "queries": len(queries)}


def timed(ask):
    """Milliseconds that it takes, and the answer."""
    start = time.perf_counter()
    found = ask()
    return (time.perf_counter() - start) * 1000, found


@contextmanager
def stopped_after(seconds):
    """What the database does meanwhile ends in an OperationalError if it takes longer."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        set_timeout(seconds)
        try:
            yield
        finally:
            set_timeout(0)
        return
    timer = threading.Timer(seconds, connection.connection.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def set_timeout(seconds):
    """How long a statement may take on PostgreSQL; 0 is as long as it will."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {seconds * 1000}")
