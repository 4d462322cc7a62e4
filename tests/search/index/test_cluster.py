"""
Search by a cluster, and by the database if the cluster doesn't answer.

The cluster here is a small server that speaks just enough of the protocol and finds what it is told to.
docs/operations.md says what that leaves untested.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.http import QueryDict
from wagtail.models import Locale

from leadwatch.settings import environment
from search.results.search import Search
from tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def cluster():
    """Start a server that finds the ids in `hits` and stores each request in `asked`."""

    class Handler(BaseHTTPRequestHandler):
        hits, asked = {}, []

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self.asked.append((self.command, self.path, body))
            found = []
            if "/_search" in self.path and "scroll/" not in self.path and "_search/scroll" not in self.path:
                index = self.path.split("/")[1]
                found = [{"_score": score, "fields": {"pk": [pk]}} for pk, score in self.hits.get(index, [])]
            answer = {
                "_scroll_id": "1",
                "hits": {"hits": found},
                "version": {"number": "8.19.0", "distribution": "opensearch"},
                "tagline": "You Know, for Search",
            }
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = do_DELETE = do_PUT = do_HEAD = answer

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Handler.address = f"127.0.0.1:{server.server_port}"
    yield Handler
    server.shutdown()
    server.server_close()


def use(settings, url):
    settings.WAGTAILSEARCH_BACKENDS = {"default": environment.read({"SEARCH_URL": url}).search}


def found(query):
    return Search(QueryDict(f"q={query}"), Locale.get_default())


@pytest.mark.parametrize("product", ["opensearch", "elasticsearch"])
def test_matches_of_the_cluster_are_shown_in_its_order_and_counted_here(settings, cluster, product):
    factories.make_glossary()
    term = factories.make_term(term="Meeting")
    first, second = (factories.make_event(title=f"Meeting {number}") for number in (1, 2))
    draft = factories.make_event(title="Meeting of a draft", live=False)
    cluster.hits = {
        "leadwatch_wagtailcore_page": [(second.pk, 9.0), (first.pk, 3.0), (draft.pk, 2.0)],
        "leadwatch_home_glossaryterm": [(term.pk, 5.0)],
    }
    use(settings, f"{product}+http://{cluster.address}")
    search = found("meetings")
    assert search.total == 3
    assert [(option.slug, option.count) for option in search.kinds] == [("event", 2), ("term", 1)]
    assert {result.kind for result in search.results(0, 10)} == {"Event", "Term"}
    asked = [body for _method, path, body in cluster.asked if "leadwatch_wagtailcore_page/_search" in path]
    assert "meetings" in asked[0]


def test_the_cluster_gets_phrases_and_excluded_words(settings, cluster):
    use(settings, f"elasticsearch+http://{cluster.address}")
    found('"reform letter" -second')
    asked = next(body for _method, path, body in cluster.asked if "wagtailcore_page/_search" in path)
    assert "must_not" in asked
    assert "match_phrase" in asked


@pytest.mark.parametrize("product", ["opensearch", "elasticsearch"])
def test_the_database_answers_if_the_cluster_does_not(settings, caplog, product):
    event = factories.make_event(title="Meeting")
    # Nothing listens on this port.
    use(settings, f"{product}+http://127.0.0.1:9")
    (result,) = found("meetings").results(0, 10)
    assert result.address.startswith(event.url)
    assert "does not answer" in caplog.text
    caplog.clear()
    assert found("meetings").total == 1
    assert not caplog.text, "The cluster isn't asked again for a minute"
