import json

import pytest
from django.contrib.auth.models import Permission
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import given
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from home.admin.writing.dates import read_date
from home.dates.fields import PreciseDateFormField, PreciseDateInput
from home.dates.values import for_people
from tests.support import factories
from tests.support.dates import precise_dates
from tests.support.forms import data_of

MONTH_FIRST = "Numbers are read month first."


def read(client, text):
    return client.get(reverse("read_date"), {"text": text}).json()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dec 2017", "December 2017"),
        ("2016", "2016"),
        ("about 2016", "about 2016"),
        ("3/4/18", "March 4, 2018"),
        ("11/29/17", "November 29, 2017"),
        ("4/4/18", "April 4, 2018"),
    ],
)
def test_a_date_is_shown_as_visitors_will_see_it(admin_client, text, words):
    answer = read(admin_client, text)
    assert answer["is_date"]
    assert answer["words"].startswith(f"Visitors will see: {words}.")
    # Only if the other order would be another date.
    assert (MONTH_FIRST in answer["words"]) == (text == "3/4/18")


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "has_order"), [("25/10/2016", True), ("soon", False), ("x" * 5000, False)])
def test_an_invalid_date_is_answered_with_how_to_write_one(admin_client, text, has_order):
    answer = read(admin_client, text)
    assert not answer["is_date"]
    assert "about 2016" in answer["words"]
    assert (MONTH_FIRST in answer["words"]) == has_order


@given(precise_dates())
def test_every_date_in_words_is_read_as_the_same_date(date):
    request = RequestFactory().get("/", {"text": for_people(date)})
    question = " This is still to come. Is that right?" if date.is_to_come else ""
    assert json.loads(read_date(request).content) == {
        "is_date": True,
        "is_to_come": date.is_to_come,
        "words": f"Visitors will see: {for_people(date)}.{question}",
    }


@pytest.mark.django_db
def test_a_save_asks_about_a_date_to_come(admin_client):
    question = "“Date” is October 25, 2961, which is still to come. Is that right?"
    event = factories.make_event(live=False)
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    html = admin_client.post(address, data_of(event, date="October 25, 2961"), follow=True).content.decode()
    assert question in html
    event.refresh_from_db()
    assert str(event.get_latest_revision_as_object().date) == "2961-10-25"
    html = admin_client.post(address, data_of(event, date="2016"), follow=True).content.decode()
    assert "still to come" not in html


@pytest.mark.django_db
def test_only_users_of_the_admin_get_an_answer(client, django_user_model):
    address = reverse("read_date")
    assert client.get(address, {"text": "2016"}).status_code == 302
    user = django_user_model.objects.create_user("stranger")
    client.force_login(user)
    assert client.get(address, {"text": "2016"}).status_code == 302
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert client.get(address, {"text": "2016"}).status_code == 200
    assert client.post(address, {"text": "2016"}).status_code == 405


def test_the_field_has_the_url_for_feedback():
    widget = PreciseDateFormField().widget
    assert isinstance(widget, PreciseDateInput)
    html = widget.render("date", "2016", {"id": "id_date"})
    assert f'data-precise-date-url-value="{reverse("read_date")}"' in html
    assert "site_admin/precise_date.js" in str(widget.media)


@pytest.mark.django_db
def test_a_date_that_cannot_be_read_is_kept_beside_its_error(admin_client):
    timeline = factories.make_timeline()
    address = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", timeline.pk])
    rows = {name: inline_formset([]) for name in ("sources", "corrections", "comments")}
    data = {"title": "Meeting", "slug": "meeting", "date": "25/10/2016", "body": streamfield([]), **rows}
    html = admin_client.post(address, nested_form_data(data)).content.decode()
    assert 'value="25/10/2016"' in html
    assert "Write a date such as" in html
