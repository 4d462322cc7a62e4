"""The question about people in the forms for images, and the report about consents that end."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from home.admin.front import panel
from home.consent.models import People
from home.models import SiteImage
from tests.support import factories
from tests.support.upload_screens import choose, edit, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor")]
TODAY = timezone.localdate()
AGREED = {"people": "agreed", "consent_from": "Ada", "consent_on": "2026-01-02"}


def new():
    return upload(factories.image_file(), "rally.jpg")


def test_the_question_must_be_answered(client):
    assert "Choose an answer" in choose(client, "images", new(), people="")
    assert not SiteImage.objects.exists()
    for answer in ("nobody", "public"):
        choose(client, "images", new(), people=answer, add_again="on")
    assert set(SiteImage.objects.values_list("people", flat=True)) == {"nobody", "public"}


def test_a_consent_is_kept_with_who_and_when(client):
    answer = choose(client, "images", new(), people="agreed")
    assert "Say who agreed" in answer
    assert "Enter the day" in answer
    # Only of an image that is in the library.
    assert "consent_withdrawn" not in answer
    choose(client, "images", new(), **AGREED)
    image = SiteImage.objects.get()
    assert (image.people, image.consent_from, str(image.consent_on)) == ("agreed", "Ada", "2026-01-02")
    assert not image.is_withheld


def test_withdrawing_a_consent_takes_the_image_away_at_once(client):
    image = factories.make_image(people=People.AGREED)
    html = client.get(reverse("wagtailimages:edit", args=[image.pk])).content.decode()
    assert "Consent was withdrawn" in html
    assert edit(client, image, **AGREED, consent_withdrawn="on").status_code == 302
    image.refresh_from_db()
    assert image.is_withheld


def make_listed():
    """Make an image for each line of the report, and two that it doesn't list."""
    days = {"Ended": -1, "Ends today": 0, "Ends soon": 60, "Ends later": 61}
    for title, number in days.items():
        until = TODAY + timedelta(days=number)
        factories.make_image(title=title, people=People.AGREED, consent_until=until)
    factories.make_image(title="Withdrawn", people=People.AGREED, consent_withdrawn=True)
    factories.make_image(title="Unanswered")
    factories.make_image(title="Forever", people=People.AGREED)
    factories.make_image(title="Landscape", people=People.NOBODY)


def test_the_report_lists_what_ended_first_and_what_is_unanswered_last(client):
    make_listed()
    response = client.get(reverse("ending_consents"))
    titles = [image.title for image in response.context["object_list"]]
    assert titles == ["Withdrawn", "Ended", "Ends today", "Ends soon", "Unanswered"]
    html = response.content.decode()
    for words in ("Consent was withdrawn", "Consent ended on", "Consent ends after", "Nobody has said"):
        assert words in html
    assert reverse("wagtailimages:edit", args=[SiteImage.objects.get(title="Ended").pk]) in html


def test_the_first_screen_counts_them_for_those_who_may_change_them(client, editor, sign_in):
    make_listed()

    def lines(user):
        request = RequestFactory().get("/admin/")
        request.user = user
        notices = panel.collect("register_notice", request)
        return [(n.count, n.words) for n in notices if n.url == reverse("ending_consents")]

    assert lines(editor) == [
        (4, "4 consents to be shown in an image end soon or have ended."),
        (1, "1 image does not say whether anybody can be recognized."),
    ]
    assert [count for count, _words in lines(sign_in("Contributors"))] == [0, 0]
    assert not client.get(reverse("ending_consents")).context["object_list"]
