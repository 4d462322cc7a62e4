"""
No URL or form data makes a view fail, take long, or write what it got into a page as HTML.

The suite tries each public URL in the ways that attackers begin with, and a sample of everything else.
`make fuzz` tries all of it, FUZZ times; SEED is the random seed.
"""

import os
import random
import re
import time
import traceback
from urllib.parse import unquote, urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from wagtail.models import Workflow

from tests.support import factories
from tests.support.permissions.addresses import FAILURES, every_address
from tests.support.permissions.world import World
from tests.support.routes import PublicSite

pytestmark = pytest.mark.django_db

TIMES = int(os.environ.get("FUZZ", "0"))
SEED = int(os.environ.get("SEED", "1"))
# Number of requests of each kind in the suite.
SAMPLE = 120

BIG = str(2**63)
# A tag that must never be in a page.
TAG = b"<x-odd"
MARK = "%22%27%3E%3Cx-odd%3E%26%7B%7B1%7D%7D"
# Quoted for use in URLs.
ODD = [
    MARK,
    *(BIG, f"-{BIG}", "9" * 25, "9" * 5000, "-1", "0", "1e999", "NaN", "1.5", "%C2%B2", "%EF%BC%91"),
    *("%00", "a%00b", "%0B", "%FF", "%ED%A0%80", "%0D%0AX:1", "%E2%80%AE", "%EF%BF%BF", "'", "%22", "%25"),
    *("", "null", "[]", "{}", "%5B%22id%22%5D", "a" * 300, "..%2F..%2Fetc", "2017-13-45", "9999-12-31"),
    *("1,2", f"1,{BIG}", "_parent", "-_", "__", "pk__in", "true", "*", "home.User", "wagtailcore.Page"),
]
# Query parameters of our views and Wagtail's.
NAMES = [
    *("q", "p", "page", "id", "o", "ordering", "order", "order_by", "locale", "site", "type", "page_type"),
    *("year", "category", "concern", "partner", "event", "lang", "theme", "accent", "limit", "offset"),
    *("url", "format", "maxwidth", "maxheight", "text", "by", "state", "stage", "sources", "export", "tag"),
    *("collection_id", "parent_page_id", "child_of", "descendant_of", "ancestor_of", "translation_of"),
    *("content_type", "object_type", "user", "owner", "action", "label", "fields", "search", "html_path"),
    *("has_children", "next", "multiple", "chosen", "per_page", "width", "height", "closeness", "mode"),
    *("link_url", "link_text", "position", "usage_count", "timestamp_after", "last_updated_at_from"),
    *("workflow", "task", "status", "requested_by", "kind", "query", "term", "select_format", "layout", "h"),
]
INERT = ("application/json", "text/plain", "text/csv", "text/calendar", "application/vnd.")
FORM = "application/x-www-form-urlencoded"
BODIES = ["", "=&&=", "%FF=%00&a=%ED%A0%80", "a=" + "9" * 5000, '{"a": 1}', "[]", "\0"]


# What each public URL is tried with, by query string. The rest is at random.
HOSTILE = [
    "&".join(f"{name}={MARK}" for name in NAMES),
    "&".join(f"{name}=%00" for name in NAMES),
    "&".join(f"{name}=%FF%ED%A0%80" for name in NAMES),
    "&".join(f"{name}=..%2F..%2F..%2Fetc%2Fpasswd" for name in NAMES),
    "&".join(f"{name}=-1&{name}=2&{name}=" for name in NAMES),
    f"q={'a%20' * 2250}",
    "&".join(f"x{number}={number}" for number in range(1000)),
]
# Answers that are no failures: a format of oEmbed that we don't support, and processes that are late.
ANSWERS = {501: "/oembed/", 503: "/readyz/"}
METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "ODD"]
# The most that one public URL may cost, whatever is asked.
MOST_QUERIES, MOST_SECONDS, MOST_BYTES = 80, 3, 2_000_000


def first_requests(site):
    """Yield two requests for each public URL, which are tried each time."""
    for number, address in enumerate(site.addresses()):
        for query in (HOSTILE[0], HOSTILE[1 + number % (len(HOSTILE) - 1)]):
            yield "GET", f"{address}?{query}", None


def public_requests(chance, site):
    addresses = site.addresses()
    for place, _example in site.places():
        for odd in ODD:
            yield "GET", place.replace("{}", odd), None
            yield "POST", place.replace("{}", odd), body(chance)
    for start in (*addresses, *(f"/es{address}" for address in addresses)):
        for method in METHODS:
            yield method, start, body(chance)
        for query in HOSTILE:
            yield "GET", f"{start}?{query}", None
        for _time in range(2):
            yield "GET", f"{start}?{random_query(chance)}", None
            yield "POST", f"{start}?{random_query(chance)}", body(chance)
        yield "GET", f"{start}{chance.choice(ODD)}", None
        yield "GET", f"{start}{chance.choice(ODD)}/{chance.choice(ODD)}/", None


def admin_requests(chance, world):
    for address in every_address():
        url = address.url(world, "A")
        yield "GET", f"{url}?{random_query(chance)}", None
        yield "POST", f"{url}?{urlencode(address.query_for(world, 'A'))}", body(chance)
        yield "FORM", url, None
        if numbers := re.findall(r"\d+", url):
            yield "GET", url.replace(numbers[-1], BIG), None
            yield "POST", url.replace(numbers[-1], BIG), body(chance)


def random_query(chance):
    names = chance.sample(NAMES, chance.choice([1, 3, len(NAMES)]))
    return "&".join(f"{name}={chance.choice(ODD)}" for name in names)


def body(chance):
    return chance.choice([*BODIES, random_query(chance), random_query(chance)])


def fields_of(response):
    """Return the data that a browser would send for the unchanged forms of a page."""
    fields = {}
    for field in BeautifulSoup(response.content, "html.parser").select("form [name]"):
        value = field.get("value", "")
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = chosen.get("value", "") if chosen else ""
        elif field.name == "textarea":
            value = field.text
        if field.get("type") not in ("file", "checkbox", "radio") or field.has_attr("checked"):
            fields[field["name"]] = value
    return fields


def ask(client, chance, method, url, content):
    if method == "GET":
        return client.get(url)
    if method != "FORM":
        return client.generic(method, url, content, content_type=FORM)
    response = client.get(url)
    if response.streaming or not (fields := fields_of(response)):
        return response
    for name in chance.sample(sorted(fields), min(len(fields), chance.choice([1, 2, 20]))):
        odd = unquote(chance.choice(ODD))
        if chance.random() < 0.2:
            del fields[name]
        else:
            fields[name] = odd
    return client.post(url, fields)


class Cost:
    """Execute wrapper that counts SQL statements, and a clock of the processor's time."""

    def __init__(self):
        self.queries, self.start = 0, time.process_time()

    def __call__(self, execute, *arguments):
        self.queries += 1
        return execute(*arguments)

    @property
    def seconds(self):
        return time.process_time() - self.start


def failure(client, chance, *request):
    """Describe what is wrong with a response in one line; None if nothing is."""
    cost = Cost()
    try:
        with transaction.atomic():
            try:
                with connection.execute_wrapper(cost):
                    response = ask(client, chance, *request)
                    content = response.getvalue() if response.streaming else response.content
            finally:
                transaction.set_rollback(True)
    except Exception as error:
        if is_known(request[1], error):
            return None
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:200]} ({where.filename}:{where.lineno})"
    if response.status_code >= 500 and ANSWERS.get(response.status_code, "none") not in request[1]:
        return str(response.status_code)
    if TAG in response.serialize_headers() or (TAG in content and not is_inert(response)):
        return "The tag is in the response."
    is_public = not request[1].startswith("/admin/")
    if is_public and (
        cost.queries > MOST_QUERIES or cost.seconds > MOST_SECONDS or len(content) > MOST_BYTES
    ):
        return f"{cost.queries} queries, {cost.seconds:.1f} s, {len(content)} bytes"
    return None


def is_inert(response):
    """Return whether browsers never read the response as HTML."""
    return response["Content-Type"].startswith(INERT) and response["X-Content-Type-Options"] == "nosniff"


def is_known(url, error):
    """Return whether it is the failure of Wagtail's that FAILURES lists for the view."""
    try:
        name = resolve(unquote(url.partition("?")[0])).view_name
    except Resolver404:
        return False
    return isinstance(error, FAILURES.get(name, ()))


def failures(client, chance, requests, first=()):
    """Describe what went wrong with all requests, or with a sample of them and the first ones."""
    requests = [*first, *(list(requests) * TIMES if TIMES else chance.sample(list(requests), SAMPLE))]
    for request in requests:
        if why := failure(client, chance, *request):
            yield f"{request[0]} {request[1][:300]} {(request[2] or '')[:300]!r}\n    {why}"


@pytest.fixture
def chance():
    # One for each test, so that what a test tries doesn't depend on the tests before it.
    return random.Random(SEED)


def test_no_public_view_fails(chance):
    site = PublicSite()
    requests = list(public_requests(chance, site))
    assert len(requests) > 4_000
    found = list(failures(Client(), chance, requests, first_requests(site)))
    assert not found, "\n".join(found)


def test_no_view_of_the_admin_fails(chance):
    world = World()
    found = list(failures(world.client_of("A"), chance, admin_requests(chance, world)))
    assert not found, "\n".join(found)


def test_ids_too_large_for_the_database_are_not_found(client, admin_client):
    site = PublicSite()
    for place in (*dict(site.places()), "/admin/{}/", "/{}/", "/timeline/{}/"):
        for number in (BIG, "9" * 25):
            for visitor in (client, admin_client):
                status = visitor.get(place.replace("{}", number)).status_code
                assert status in (301, 302, 404), place


def test_a_link_dialog_below_no_page_is_not_found(admin_client):
    factories.make_home()
    address = f"/admin/choose-external-link/?parent_page_id=1,{BIG}"
    assert admin_client.get(address).status_code == 404


def test_unreadable_data_is_refused_with_a_message(admin_client):
    edit = f"/admin/pages/{factories.make_event().pk}/edit/"
    response = admin_client.post(edit, {"title": "No more than a title"})
    assert response.status_code == 400
    assert "Nothing was changed" in response.content.decode()
    assert admin_client.get(f"/admin/bulk/wagtailcore/page/publish/?id={BIG}").status_code == 404


@pytest.mark.parametrize(
    "sent", ["{", "[]", "[" * 50_000, '{"blocks": [{"text": null, "type": "unstyled"}]}']
)
def test_malformed_rich_text_is_refused_with_a_message(admin_client, sent):
    home = factories.make_home()
    block = {"body-count": 1, "body-0-deleted": "", "body-0-order": 0, "body-0-type": "text"}
    for address in ("", "preview/"):
        address = f"/admin/pages/add/home/standardpage/{home.pk}/{address}"
        response = admin_client.post(address, block | {"title": "T", "slug": "t", "body-0-value": sent})
        assert response.status_code == 400
        assert "Nothing was changed" in response.content.decode()


@pytest.mark.parametrize("sent", ["{", "[]", "1", '{"x": 1}', '{"comment": null}', "[" * 50_000])
def test_a_malformed_review_is_refused_with_a_message(admin_client, admin_user, sent):
    page = factories.make_standard_page(live=False)
    Workflow.objects.first().start(page, admin_user)
    names = (f"{many}-{kind}_FORMS" for many in ("comments", "corrections") for kind in ("TOTAL", "INITIAL"))
    form = dict.fromkeys(["body-count", *names], 0) | {"title": page.title, "slug": page.slug}
    review = {"action-workflow-action": "true", "workflow-action-name": "reject", "summary": "Words"}
    address = f"/admin/pages/{page.pk}/edit/"
    response = admin_client.post(address, form | review | {"workflow-action-extra-data": sent})
    assert response.status_code == 400
    assert page.workflow_states.get().status == "in_progress"
    comment = {"workflow-action-extra-data": '{"comment": "Half\\ud800 a word"}'}
    assert admin_client.post(address, form | review | comment).status_code == 302
    assert page.workflow_states.get().task_states.get().comment == "Half a word"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        *[
            (f"snippets/choose/{kind}/create/", {"name": "x"})
            for kind in ("home/figure", "home/glossaryterm", "timeline/eventcategory")
        ],
        ("choose-external-link/", {}),
        ("choose-external-link/", {"external-link-chooser-url": "http://[x"}),
        ("choose-page/chosen-multiple/?id=1", None),
        (f"choose-page/chosen-multiple/?id={BIG}", None),
        ("choose-email-link/?link_url=http://[x", None),
        ("redirects/import/process/", {}),
        ("redirects/import/process/", {"input_format": "0", "import_file_name": "../x"}),
        (f"images/{{image}}/preview/fill-9x9-c{'9' * 400}/", None),
    ],
)
def test_views_of_wagtail_do_not_fail_without_their_form_data(admin_client, address, sent):
    factories.make_home()
    address = f"/admin/{address.format(image=factories.make_image().pk)}"
    response = admin_client.get(address) if sent is None else admin_client.post(address, sent)
    assert response.status_code in (200, 400, 404)


@pytest.mark.parametrize("sent", [b"[1]", b"null", b'"x"', b"\xff", b"[" * 50_000])
def test_malformed_data_is_refused_with_a_message(admin_client, sent):
    address = reverse("wagtailadmin_dismissibles")
    response = admin_client.generic("PATCH", address, sent, content_type="application/json")
    assert response.status_code == 400
    assert admin_client.get(address).json() == {}
