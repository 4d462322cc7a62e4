"""The foot of a form, its asterisks, and what is said after an action."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Page, Workflow
from wagtail.users.models import UserProfile

from home.models import ContactPage, Figure
from tests.support import factories
from tests.support.forms import data_of

pytestmark = pytest.mark.django_db


def form_of(client, thing, name="wagtailadmin_pages:edit"):
    return BeautifulSoup(client.get(reverse(name, args=[thing.pk])).content, "html.parser")


def in_sight(tree):
    """Return the labels of the buttons at the foot that are not in its menu."""
    foot = tree.find(attrs={"class": "footer"})
    for menu in foot.select("[data-w-dropdown-target=content]"):
        menu.decompose()
    return [" ".join(button.text.split()) for button in foot.select("button[type=submit]")]


@pytest.mark.parametrize("group", ["Contributors", "Editors"])
def test_people_who_cannot_publish_see_submit_for_review_beside_save_draft(client, sign_in, group):
    user = sign_in(group)
    event = factories.make_event(live=False, owner=user)
    assert in_sight(form_of(client, event)) == ["Submit for review", "Save draft"]


def test_a_new_page_can_be_sent_for_review_at_once(client, sign_in):
    sign_in("Contributors")
    address = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", factories.make_timeline().pk])
    tree = BeautifulSoup(client.get(address).content, "html.parser")
    assert in_sight(tree) == ["Submit for review", "Save draft"]


def test_people_who_publish_save_drafts_first(moderator):
    assert in_sight(form_of(moderator, factories.make_event(live=False))) == ["Save draft"]


def headings(tree):
    return {" ".join(heading.text.split()) for heading in tree.select(".w-panel__heading")}


def test_rows_that_are_needed_have_an_asterisk(admin_client):
    assert "Sources*" in headings(form_of(admin_client, factories.make_event(live=False)))
    assert "Sources" in headings(form_of(admin_client, factories.make_document(live=False)))
    factories.make_contact()
    assert "Questions*" in headings(form_of(admin_client, ContactPage.objects.get()))
    figure = form_of(admin_client, factories.make_figure(), Figure.snippet_viewset.get_url_name("edit"))
    assert {"Numbers*", "Sources"} <= headings(figure)
    # A number is shown as it was typed, without the zeros of its column.
    assert {field["value"] for field in figure.select("[name^=values-0-value]")} == {"590"}
    image = form_of(admin_client, factories.make_image(), "wagtailimages:edit")
    assert "*" in image.find(id="id_description-label").text


def edit(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def said(answer):
    return BeautifulSoup(answer.content, "html.parser").select_one(".messages").text


def in_two_days():
    """Return a moment, and how it is said in New Haven."""
    at = timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)
    words = date_format(at.astimezone(ZoneInfo("America/New_York")), "DATETIME_FORMAT")
    return at, f"oes live on {words} Eastern time."


@pytest.mark.parametrize(
    ("zone", "words"), [("", "Eastern time."), ("Asia/Tokyo", "Asia/Tokyo")], ids=["site", "account"]
)
def test_a_scheduled_page_says_when_it_goes_live(client, sign_in, zone, words):
    """The time is that of New Haven, also for people who have chosen another time zone for their form."""
    UserProfile.objects.create(user=sign_in("Moderators"), current_time_zone=zone)
    event = factories.make_event(title="Protest", live=False)
    tree = form_of(client, event)
    field = tree.select_one("[name=go_live_at]")
    assert words in str(tree.find(id=field["aria-describedby"]))
    at, when = in_two_days()
    typed = at.astimezone(ZoneInfo(zone or "America/New_York")).strftime("%Y-%m-%dT%H:%M")
    data = data_of(event) | {"go_live_at": typed, "action-publish": "1"}
    assert f"“Protest” g{when}" in said(client.post(edit(event), data, follow=True))
    again = form_of(client, event).select_one("[name=go_live_at]")
    assert (again["type"], again["value"]) == ("datetime-local", typed)


def test_a_time_that_cannot_be_read_is_an_error_and_stays(moderator):
    event = factories.make_event(live=False)
    data = data_of(event) | {"go_live_at": "11/30/2090, nine", "action-publish": "1"}
    tree = BeautifulSoup(moderator.post(edit(event), data).content, "html.parser")
    assert "Enter a valid date/time." in str(tree)
    assert tree.select_one("[name=go_live_at]")["value"] == "11/30/2090, nine"
    assert not type(event).objects.get().scheduled_revision


def waiting(thing, author):
    """Return a page or figure that waits for a review."""
    thing.save_revision()
    Workflow.objects.first().start(thing, author)
    return thing


def in_the_form(client, thing, **fields):
    """Decide on a page in its form, as the menu at the foot does."""
    data = data_of(thing) | {"action-workflow-action": "true", "workflow-action-name": "approve"} | fields
    return client.post(edit(thing), data, follow=True)


def beside_it(client, thing, decision="approve", **fields):
    """Decide on something outside its form, as the status panel does."""
    address = "wagtailadmin_pages:workflow_action"
    if not isinstance(thing, Page):
        address = thing.snippet_viewset.get_url_name("workflow_action")
    state = thing.current_workflow_task_state
    return client.post(reverse(address, args=[thing.pk, decision, state.pk]), fields, follow=True)


@pytest.mark.parametrize("decide", [in_the_form, beside_it])
def test_a_decision_says_what_became_of_the_page(moderator, admin_user, decide):
    event = waiting(factories.make_event(title="Protest", live=False), admin_user)
    words = said(decide(moderator, event))
    assert "“Protest” is published." in words
    assert "do not see it" not in words


def test_a_decision_on_a_figure_and_a_request_for_changes_say_what_became_of_it(moderator, admin_user):
    figure = waiting(factories.make_figure(title="Arrests"), admin_user)
    assert "“Arrests” is published." in said(beside_it(moderator, figure))
    event = waiting(factories.make_event(title="Protest", live=False), admin_user)
    assert "“Protest” is back with its author" in said(beside_it(moderator, event, "reject", comment="Why?"))


def test_an_approved_page_says_when_it_goes_live(moderator, admin_user):
    event = waiting(factories.make_event(title="Protest", live=False), admin_user)
    at, when = in_two_days()
    typed = timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")
    words = said(in_the_form(moderator, event, go_live_at=typed))
    assert words.count(f"“Protest” g{when}") == 1
    assert "do not see it" not in words


def test_a_bulk_action_says_which_pages_go_live_later(moderator):
    later, now = factories.make_event(title="Protest", live=False), factories.make_event(live=False)
    later.go_live_at, when = in_two_days()
    later.save_revision()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    chosen = f"{bulk}?id={later.pk}&id={now.pk}&next=/admin/"
    words = said(moderator.post(chosen, follow=True))
    assert f"“Protest” g{when}" in words
    assert words.count("goes live") == 1
    below = f"{bulk}?id={later.get_parent().pk}&next=/admin/"
    assert f"“Protest” g{when}" in said(moderator.post(below, {"include_descendants": "on"}, follow=True))
