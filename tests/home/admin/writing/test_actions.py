"""The foot of a form, its asterisks, and what is said after an action."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
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


def test_a_scheduled_page_says_when_it_goes_live(client, sign_in):
    """The time is that of New Haven, also for people who have chosen another time zone."""
    UserProfile.objects.create(user=sign_in("Moderators"), current_time_zone="Asia/Tokyo")
    event = factories.make_event(title="Protest", live=False)
    at = timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)
    typed = at.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%Y-%m-%d %H:%M")
    data = data_of(event) | {"go_live_at": typed, "action-publish": "1"}
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), data, follow=True)
    said = BeautifulSoup(answer.content, "html.parser").select_one(".messages").text
    moment = date_format(at.astimezone(ZoneInfo("America/New_York")), "DATETIME_FORMAT")
    assert f"Goes live on {moment} Eastern time." in said
