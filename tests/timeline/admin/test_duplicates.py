import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, PageViewRestriction

from home.dates.parsing import parse
from tests.support import factories
from tests.support.forms import data_of
from timeline.models import EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

WARNING = "may already exist"


def like(client, title, date, **more):
    answer = client.get(reverse("like_events"), {"title": title, "date": date, **more}).json()
    assert bool(answer["words"]) == bool(answer["events"])
    return [event["title"] for event in answer["events"]]


def signed_in(client, django_user_model, group):
    user = django_user_model.objects.create_user(group)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("title", "date", "is_like"),
    [
        ("Protest at City Hall", "November 18, 2016", True),
        ("protest at city hall!", "November 2016", True),
        ("City Hall protest", "2016", True),
        ("Protests at City Hal", "about 2016", True),
        ("Protest at City Hall", "November 19, 2016", False),
        ("Protest at City Hall", "December 2016", False),
        ("The pilot is launched", "November 18, 2016", False),
    ],
)
def test_events_with_similar_titles_and_compatible_dates_are_possible_duplicates(title, date, is_like):
    event = factories.make_event(title="Protest at City Hall", date="2016-11-18")
    assert EventPage.objects.that_may_be(title, parse(date)) == [event] * is_like


def test_an_event_during_a_longer_one_may_be_a_duplicate():
    event = factories.make_event(title="Training of officers", date="2016-12", end_date="2018-02")
    assert EventPage.objects.that_may_be("Training of officers", parse("2017-05-01")) == [event]
    assert EventPage.objects.that_may_be("Training of officers", parse("2018-03")) == []
    assert EventPage.objects.that_may_be("Training of officers", parse("2014"), parse("2016")) == [event]


def test_a_draft_without_a_date_has_no_duplicates():
    event = factories.make_event(title="Protest", live=False, end_date="2018")
    EventPage.objects.filter(pk=event.pk).update(date="")
    assert EventPage.objects.that_may_be("Protest", parse("2016")) == []


def test_the_form_shows_the_most_similar_events_first_and_never_the_event_itself(admin_client):
    event = factories.make_event(title="Protest at City Hall", date="2016-11-18")
    other = factories.make_event(title="Protest at the City Hall steps", date="2016-11", live=False)
    assert like(admin_client, "Protest at City Hall", "Nov 18, 2016") == [event.title, other.title]
    assert like(admin_client, "Protest at City Hall", "Nov 18, 2016", pk=event.pk) == [other.title]


def test_events_are_compared_within_one_language(admin_client):
    event = factories.make_event(title="Protest at City Hall", date="2016-11-18")
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    translation = event.copy_for_translation(spanish, copy_parents=True)
    timeline = translation.get_parent()
    other = timeline.add_child(
        instance=EventPage(title="Protest in City Hall", date="2016-11", locale=spanish, live=False)
    )
    asked = ("Protest at City Hall", "2016-11-18")
    assert like(admin_client, *asked, pk=event.pk) == []
    assert like(admin_client, *asked, pk=translation.pk) == [other.title]
    assert like(admin_client, *asked, pk=other.pk) == [translation.title]
    assert like(admin_client, *asked, parent=event.get_parent().pk) == [event.title]
    assert like(admin_client, *asked, parent=timeline.pk) == [translation.title, other.title]


@pytest.mark.parametrize(
    "given", [{"date": "soon"}, {"end_date": "soon"}, {"title": ""}, {"pk": "x"}, {"pk": "²"}]
)
def test_an_incomplete_form_gets_an_empty_answer(admin_client, given):
    factories.make_event(title="Protest", date="2016")
    assert like(admin_client, **({"title": "Meeting", "date": "2016"} | given)) == []


def test_warnings_show_only_events_that_the_user_may_see(client, django_user_model):
    factories.make_event(title="Secret draft", date="2016", live=False)
    private = factories.make_event(title="Secret page", date="2016")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    public = factories.make_event(title="Open secret", date="2016")
    signed_in(client, django_user_model, "Contributors")
    answer = client.get(reverse("like_events"), {"title": "Secret", "date": "2016"}).json()
    assert [(event["title"], event["url"]) for event in answer["events"]] == [("Open secret", public.url)]
    signed_in(client, django_user_model, "Editors")
    assert len(like(client, "Secret", "2016")) == 3


def test_many_events_need_as_many_queries_as_one(admin_client, django_assert_num_queries):
    factories.make_event(title="Protest", date="2016")
    like(admin_client, "Protest", "2016")
    with CaptureQueriesContext(connection) as one:
        like(admin_client, "Protest", "2016")
    count = len(one)
    for n in range(5):
        factories.make_event(title=f"Meeting {n}", date="2016")
    like(admin_client, "Protest", "2016")  # Some things are looked up once after each change.
    with django_assert_num_queries(count):
        assert like(admin_client, "Protest", "2016") == ["Protest"]


def test_only_users_of_the_admin_get_an_answer(client, admin_client):
    assert client.get(reverse("like_events"), {"title": "x", "date": "2016"}).status_code == 302
    assert admin_client.post(reverse("like_events")).status_code == 405


def test_saving_shows_a_warning_with_a_link_to_the_duplicate(admin_client):
    other = factories.make_event(title="Protest <b>", date="2016-11-18")
    event = factories.make_event(title="Protest b", date="2016", live=False)
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    html = admin_client.post(address, data_of(event), follow=True).content.decode()
    assert WARNING in html
    assert f'<a href="{reverse("wagtailadmin_pages:edit", args=[other.pk])}">Protest &lt;b&gt;</a>' in html
    event.refresh_from_db()
    assert event.date == parse("2016")

    html = admin_client.post(address, data_of(event, title="A meeting"), follow=True).content.decode()
    assert WARNING not in html


def test_autosave_adds_no_message(admin_client):
    factories.make_event(title="Protest", date="2016-11-18")
    event = factories.make_event(title="Protest", date="2016", live=False)
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    answer = admin_client.post(address, data_of(event), headers={"accept": "application/json"})
    assert answer.json()["success"]
    assert WARNING not in admin_client.get(address).content.decode()
