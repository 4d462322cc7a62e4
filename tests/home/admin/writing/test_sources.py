from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, PageViewRestriction

from concerns.models import ConcernPage, ConcernSource
from home.admin.writing.sources import common_beginning
from home.models import DocumentSource, FigureSource
from tests.support import factories
from timeline.models import EventPage, EventSource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

PAPER = "New Haven Independent"
SITE = "https://www.newhavenindependent.org/article/"


def suggest(client, q, by="title"):
    return client.get(reverse("used_sources"), {"q": q, "by": by}).json()


def titles(client, q, by="title"):
    return [source["title"] for source in suggest(client, q, by)["sources"]]


def article(title, model=EventSource, **fields):
    name = title.lower().replace(" ", "_")
    return model(**({"title": title, "publisher": PAPER, "url": SITE + name} | fields))


def signed_in(client, django_user_model, group):
    user = django_user_model.objects.create_user(group)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


def test_sources_of_pages_of_all_types_and_of_figures_are_suggested(admin_client):
    factories.make_event(sources=[article("Pilot begins")])
    factories.make_concern(sources=[article("Pilot criticized", ConcernSource)])
    factories.make_document(sources=[article("Pilot contract", DocumentSource)])
    article("Pilot counted", FigureSource, owner=factories.make_figure()).save()
    assert set(titles(admin_client, "pilot")) == {
        "Pilot begins",
        "Pilot criticized",
        "Pilot contract",
        "Pilot counted",
    }


def test_a_suggestion_fills_the_whole_row(admin_client):
    file = factories.make_file()
    source = article("Pilot begins", published="2017-12", archived_url="https://example.org/a", document=file)
    # When it was read, rather than today, on which nobody may have looked at it.
    source.accessed = date(2024, 2, 1)
    factories.make_event(sources=[source])
    [found] = suggest(admin_client, "pilot")["sources"]
    assert found == {
        "title": "Pilot begins",
        "publisher": PAPER,
        "url": f"{SITE}pilot_begins",
        "published": "December 2017",
        "accessed": "2024-02-01",
        "archived_url": "https://example.org/a",
        "document": {
            "id": file.pk,
            "title": "Minutes",
            "edit_url": reverse("wagtaildocs:edit", args=[file.pk]),
        },
    }


def test_a_file_that_the_user_may_not_choose_is_left_out(client, django_user_model):
    file = factories.make_file(collection=Collection.get_first_root_node().add_child(name="Private"))
    factories.make_event(sources=[article("Pilot begins", document=file)])
    user = signed_in(client, django_user_model, "Editors")
    assert suggest(client, "pilot")["sources"][0]["document"]["title"] == "Minutes"
    user.groups.get().collection_permissions.all().delete()
    assert suggest(client, "pilot")["sources"][0]["document"] is None


def test_a_publisher_is_suggested_with_the_beginning_of_its_urls_and_its_articles(admin_client):
    factories.make_event(
        sources=[article("Pilot begins"), article("Protest held"), article("Other", publisher="Register")]
    )
    found = suggest(admin_client, "haven indep", by="publisher")
    assert found["publishers"] == [{"name": PAPER, "beginning": SITE}]
    assert {source["title"] for source in found["sources"]} == {"Pilot begins", "Protest held"}


@pytest.mark.parametrize(
    ("addresses", "beginning"),
    [
        ([], ""),
        (["https://a.org/news/2017/one", "https://a.org/news/2018/two"], "https://a.org/news/"),
        (["https://a.org/one", "https://a.org"], "https://a.org/"),
        (["https://a.org/x/one"], "https://a.org/x/"),
        (["https://a.org/x", "https://a.org/y", "http://b.org/z"], "https://a.org/"),
        (["https://a.org/x", "https://a.organization/y", "https://a.org/z"], "https://a.org/"),
    ],
)
def test_the_common_beginning_of_urls_ends_with_a_slash_on_one_site(addresses, beginning):
    assert common_beginning(addresses) == beginning


def test_the_same_source_is_suggested_once_and_the_latest_first(admin_client):
    for _time in range(2):
        factories.make_event(sources=[article("Pilot begins", published="2017")])
    factories.make_event(sources=[article("Pilot ends", published="2019")])
    assert titles(admin_client, "pilot") == ["Pilot ends", "Pilot begins"]


def test_sources_of_drafts_and_private_pages_are_suggested_only_to_their_editors(client, django_user_model):
    factories.make_event(live=False, sources=[article("Secret draft")])
    private = factories.make_event(sources=[article("Secret page")])
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    article("Secret figure", FigureSource, owner=factories.make_figure(live=False)).save()
    contributor = signed_in(client, django_user_model, "Contributors")
    assert titles(client, "secret") == []
    factories.make_event(live=False, owner=contributor, sources=[article("Secret of mine")])
    assert titles(client, "secret") == ["Secret of mine"]
    contributor.groups.set([Group.objects.get(name="Editors")])
    assert len(titles(client, "secret")) == 4


@pytest.mark.parametrize("q", ["", "p", "\0", "%", "_ _", "x" * 10_000, "zz " * 5_000])
def test_odd_queries_raise_no_error(admin_client, q):
    factories.make_event(sources=[article("Pilot begins")])
    assert "Pilot begins" not in titles(admin_client, q)


def test_ten_suggestions_need_as_many_queries_as_one(admin_client, django_assert_num_queries):
    factories.make_event(sources=[article("Pilot begins", document=factories.make_file())])
    suggest(admin_client, "pilot", "publisher")
    with CaptureQueriesContext(connection) as one:
        suggest(admin_client, "haven", "publisher")
    count = len(one)
    factories.make_event(sources=[article(f"Pilot {n}", document=factories.make_file()) for n in range(20)])
    suggest(admin_client, "pilot", "publisher")  # Some things are looked up once after each change.
    with django_assert_num_queries(count):
        assert len(titles(admin_client, "haven", "publisher")) == 10


def test_only_users_of_the_admin_get_an_answer(client, admin_client):
    address = reverse("used_sources")
    assert client.get(address, {"q": "pilot"}).status_code == 302
    assert admin_client.post(address, {"q": "pilot"}).status_code == 405


@pytest.mark.parametrize("model", [EventPage, ConcernPage])
def test_a_new_row_proposes_today_and_an_old_one_keeps_its_date(model, admin_client):
    form = model.get_edit_handler().get_form_class()
    today = timezone.localdate()
    make = {EventPage: factories.make_event, ConcernPage: factories.make_concern}[model]
    sources = form(instance=make()).formsets["sources"]
    assert sources.empty_form["accessed"].value() == today
    assert sources.forms[0]["accessed"].value() is None
    assert form(instance=make()).formsets["corrections"].empty_form["date"].value() == today


def test_an_empty_row_is_not_a_source(admin_client):
    event = factories.make_event(live=False, sources=[])
    form = EventPage.get_edit_handler().get_form_class()(instance=event)
    row = form.formsets["sources"].empty_form
    data = {"sources-0-accessed": timezone.localdate().isoformat()}
    opened = type(row)(data, prefix="sources-0", empty_permitted=True, use_required_attribute=False)
    assert not opened.has_changed()
