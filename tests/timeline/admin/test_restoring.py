"""An earlier version of an event comes back whole, through the history of the admin."""

import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from concerns.models import ConcernPage
from leadwatch.groups import set_up_groups
from tests.support import factories
from timeline.models import EventPage, EventSource

pytestmark = pytest.mark.django_db


def body(words):
    return json.dumps([{"type": "text", "value": f"<p>{words}</p>"}])


@pytest.fixture
def event():
    """An event with two published versions."""
    factories.make_concern(title="Secret talks", slug="secret")
    factories.make_concern(title="Closed doors", slug="closed")
    event = factories.make_event(
        title="Quiet vote",
        date="2016-10",
        summary="The board votes.",
        body=body("Nobody was heard."),
        sources=[EventSource(title="Minutes", sort_order=0), EventSource(title="Letter", sort_order=1)],
        concerns=list(ConcernPage.objects.filter(slug="secret")),
    )
    event.save_revision(log_action=True).publish()
    event.title, event.date, event.summary = "Loud protest", "2018-05-03", "A march."
    event.body = body("All spoke.")
    event.sources = [EventSource(title="Photographs")]
    event.concerns = list(ConcernPage.objects.filter(slug="closed"))
    event.save_revision(log_action=True).publish()
    event.refresh_from_db()
    return event


def form_in(html):
    """Return the data of a form as a browser would submit it unchanged."""
    form = querydict_from_html(html, form_id="page-edit-form").dict()
    form = {name: value for name, value in form.items() if not name.startswith("action-")}
    several = querydict_from_html(html, form_id="page-edit-form")
    form |= {name: several.getlist(name) for name in ("concerns", "partners")}
    # A script renders the body from this value.
    field = BeautifulSoup(html, "html.parser").select_one("#body")
    blocks, *_rest = json.loads(field["data-w-block-arguments-value"])
    return form | nested_form_data({"body": streamfield([(each["type"], each["value"]) for each in blocks])})


def restore(client, event, **action):
    """Open the earlier version from the history, and submit its form unchanged."""
    history = client.get(reverse("wagtailadmin_pages:history", args=[event.pk])).content.decode()
    earlier = event.revisions.order_by("created_at")[1]
    address = reverse("wagtailadmin_pages:revisions_revert", args=[event.pk, earlier.pk])
    assert address in history
    page = client.get(address)
    answer = client.post(page.context["action_url"], form_in(page.content.decode()) | action, follow=True)
    assert answer.redirect_chain, answer.context["errors_debug"]
    return answer


def facts(event):
    return {
        "title": event.title,
        "date": event.when,
        "summary": event.summary,
        "body": str(event.body[0].value),
        "sources": [source.title for source in event.sources.all()],
        "concerns": [concern.title for concern in event.concerns.all()],
    }


def is_the_earlier(event):
    found = facts(event)
    assert "Nobody was heard." in found.pop("body")
    assert found == {
        "title": "Quiet vote",
        "date": "October 2016",
        "summary": "The board votes.",
        "sources": ["Minutes", "Letter"],
        "concerns": ["Secret talks"],
    }
    return True


def test_a_version_that_is_published_again_is_public(admin_client, client, event):
    done = restore(admin_client, event, **{"action-publish": "1", "correction_answer": "wording"})
    assert "has been published" in done.content.decode()
    assert is_the_earlier(EventPage.objects.get(pk=event.pk))
    assert "Nobody was heard." in client.get(event.url).content.decode()
    timeline = client.get(event.get_parent().url).content.decode()
    assert "Quiet vote" in timeline
    assert "October 2016" in timeline
    assert "Loud protest" not in timeline
    for words, is_found in {"quiet": True, "minutes": True, "protest": False, "photographs": False}.items():
        assert (event.url in client.get("/search/", {"q": words}).content.decode()) == is_found, words
    for address, is_there in (("/concerns/secret/", True), ("/concerns/closed/", False)):
        assert (event.url in client.get(address).content.decode()) == is_there, address


def test_a_restored_version_can_be_saved_as_a_draft(admin_client, client, event):
    restore(admin_client, event)
    event = EventPage.objects.get(pk=event.pk)
    assert is_the_earlier(event.get_latest_revision_as_object())
    assert event.has_unpublished_changes
    assert "All spoke." in client.get(event.url).content.decode()
    assert "Quiet vote" not in client.get(event.get_parent().url).content.decode()


def test_users_who_may_not_edit_a_page_cannot_restore_it(client, event, django_user_model):
    set_up_groups(factories.make_home())
    user = django_user_model.objects.create_user("contributor")
    user.groups.add(Group.objects.get(name="Contributors"))
    client.force_login(user)
    earlier = event.revisions.order_by("created_at")[1]
    address = reverse("wagtailadmin_pages:revisions_revert", args=[event.pk, earlier.pk])
    for answer in (client.get(address), client.post(address, {"action-publish": "1"})):
        assert answer.status_code in (302, 403)
    event.refresh_from_db()
    assert event.get_latest_revision_as_object().title == "Loud protest"
