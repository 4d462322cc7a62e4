"""Run the same searches with our backend and with Wagtail's own, and measure how long they take."""

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

from search.results.search import suggestions
from search.views import search
from tests.bench.search import PATIENCE, RUNS
from tests.bench.search_pages import COMMON, RARE, fill
from timeline.models import EventPage

# A search that takes longer than this many seconds is not repeated.
LONG_ENOUGH = 10
# The chunk size of Wagtail's `update_index`.
CHUNK = 1000


def measure(size, too_slow):
    """
    Fill an empty database with pages, index them with both backends, and search.

    :param too_slow: names of searches to skip with Wagtail's backend.
    :returns: a dictionary for JSON; see `run_all` and `time_indexing`.
    """
    say(f"{size:,} pages: creating them")
    fill(size)
    stock = stock_backend({})
    results = {"database": version(), "size": size, "indexing": {}}
    say(f"{size:,} pages: filling our index")
    results["indexing"]["ours"] = time_indexing(get_search_backend())
    say(f"{size:,} pages: searching with ours")
    # Search before the other index takes up room in the same file and in memory.
    results["ours"] = run_all(our_searches())
    say(f"{size:,} pages: filling stock's index")
    results["indexing"]["stock"] = time_indexing(stock)
    say(f"{size:,} pages: searching with stock's")
    results["stock"] = run_all(stock_searches(stock), too_slow)
    return results


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {connection.display_name}, {text}", file=sys.stderr, flush=True)


def version():
    """Return the name and version of the database."""
    number = connection.get_database_version()
    return f"{connection.display_name} {'.'.join(map(str, number))}"


def time_indexing(backend):
    """Index all pages. Return milliseconds per page, without the time to load it."""
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
        # Autovacuum would do this later.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return seconds / count * 1000


def chunks_of(model):
    """Yield the pages of a type in chunks."""
    pages = model.get_indexed_objects().order_by("pk")
    if issubclass(model, EventPage):
        pages = pages.for_exchange()
    last = 0
    while chunk := list(pages.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def our_searches():
    """Return the searches of our index by name and word. Each returns the number of matches."""
    searches = {
        "search": search_page,
        "narrowed": partial(search_page, kind="event", year="2017-2019"),
        "suggestions": count_suggestions,
        "admin_prefix": lambda word: count_and_first(Page.objects.all().autocomplete(word)),
        "admin_search": lambda word: count_and_first(Page.objects.search(word)),
    }
    return {(name, word): partial(run, word) for name, run in searches.items() for word in (RARE, COMMON)}


def stock_searches(stock):
    searches = {
        "prefix": lambda word: count_and_first(stock.autocomplete(word, Page.objects.all())),
        "search": lambda word: count_and_first(stock.search(word, Page.objects.all())),
    }
    return {(name, word): partial(run, word) for name, run in searches.items() for word in (RARE, COMMON)}


def search_page(word, **filters):
    """Run the search page's view without its template."""
    context = search(request("/search/", q=word, **filters)).context_data
    assert len(context["results"].object_list) == min(context["search"].total, 20)
    return context["search"].total


def count_suggestions(word):
    return len(suggestions(word, Locale.get_active(), request("/search/suggest/", q=word)))


def request(path, **parameters):
    return RequestFactory(headers={"host": settings.ALLOWED_HOSTS[0]}).get(path, parameters)


def count_and_first(results):
    """Run the queries of a list in the admin: the number of results, and the first ten."""
    count = results.count()
    assert len(results[:10]) == min(count, 10)
    return count


def run_all(searches, too_slow=()):
    """
    Run all searches that are not known to be too slow.

    :returns: by name and word, as in "search:lead": None if skipped, else the number of matches (None if it
        took too long), the milliseconds of each run, and the number of queries.
    """
    return {
        f"{name}:{word}": None if f"{name}:{word}" in too_slow else run_one(search)
        for (name, word), search in searches.items()
    }


def run_one(search):
    try:
        with stopped_after(PATIENCE), CaptureQueriesContext(connection) as queries:
            first, count = timed(search)
    except OperationalError:
        return {"found": None, "times": [PATIENCE * 1000], "queries": None}
    if first > LONG_ENOUGH * 1000:
        return {"found": count, "times": [first], "queries": len(queries)}
    with CaptureQueriesContext(connection) as queries:
        search()
    times = []
    while len(times) < RUNS and sum(times) < LONG_ENOUGH * 1000:
        times.append(timed(search)[0])
    return {"found": count, "times": times, "queries": len(queries)}


def timed(search):
    """Return the milliseconds that a search takes, and its result."""
    start = time.perf_counter()
    result = search()
    return (time.perf_counter() - start) * 1000, result


@contextmanager
def stopped_after(seconds):
    """Interrupt statements that take longer. They raise OperationalError."""
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
    """Limit the time of a statement on PostgreSQL; 0 means no limit."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {seconds * 1000}")
