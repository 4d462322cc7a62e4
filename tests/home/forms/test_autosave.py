"""An invalid field never keeps the rest from being saved."""

import json

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from home.models import Figure
from tests.support import factories
from timeline.models import EventPage, EventSource

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    source = EventSource(title="Vote", publisher="Independent", url="https://example.org/vote")
    body = [
        {"type": "text", "value": "<p>Saved text</p>", "id": "11111111-1111-4111-8111-111111111111"},
        {
            "type": "quote",
            "value": {
                "text": "Saved quote",
                "source_title": "A hearing",
                "source_url": "https://example.org/",
            },
            "id": "22222222-2222-4222-8222-222222222222",
        },
    ]
    return factories.make_event(
        title="Vote", slug="vote", date="2017-05-01", summary="Saved summary", sources=[source], body=body
    )


def blocks(*stream):
    """Return the form data of a StreamField for blocks with a type, an ID and fields."""
    data = {"body-count": str(len(stream))}
    for number, (kind, identity, fields) in enumerate(stream):
        prefix = f"body-{number}"
        data |= {
            f"{prefix}-deleted": "",
            f"{prefix}-order": str(number),
            f"{prefix}-type": kind,
            f"{prefix}-id": identity,
        }
        if isinstance(fields, dict):
            data |= {f"{prefix}-value-{name}": value for name, value in fields.items()}
        else:
            data[f"{prefix}-value"] = fields
    return data


def draft(text):
    return json.dumps({"blocks": [{"key": "a", "type": "unstyled", "text": text}], "entityMap": {}})


@pytest.fixture
def save(admin_client, event):
    """Submit the event's form, as autosave or by hand."""

    def save(by_itself=True, sources=None, body=None, **fields):
        saved = event.sources.get()
        row = {"id": saved.pk, "title": saved.title, "publisher": saved.publisher, "url": saved.url}
        data = {
            "title": "Vote",
            "slug": "vote",
            "date": "May 1, 2017",
            "end_date": "",
            "category": event.category_id,
            "summary": "New summary",
            "place": "",
            "verification": "reported",
            "sources": inline_formset([row | each for each in sources or [{}]], initial=1),
            "corrections": inline_formset([]),
            "comments": inline_formset([]),
        } | fields
        headers = {"accept": "application/json"} if by_itself else {}
        marks = {"autosave": "1"} if by_itself else {}
        return admin_client.post(
            reverse("wagtailadmin_pages:edit", args=[event.pk]),
            nested_form_data(data) | (body or blocks()) | marks,
            headers=headers,
        )

    return save


def left_out(response):
    assert response.status_code == 200, response.content
    answer = response.json()
    assert answer["success"]
    return json.loads(answer["field_updates"]["autosave-left-out"])


def latest(event):
    return EventPage.objects.get(pk=event.pk).get_latest_revision_as_object()


def test_an_invalid_date_keeps_its_saved_value_and_the_rest_is_saved(event, save):
    (wrong,) = left_out(save(date="soon", place="City Hall"))
    assert wrong["field"] == "date"
    assert "Write a date such as" in wrong["words"]
    draft = latest(event)
    assert (draft.summary, draft.place, str(draft.date)) == ("New summary", "City Hall", str(event.date))


def test_all_invalid_fields_are_reported(event, save):
    wrong = left_out(save(date="soon", end_date="later", slug="not a slug!", sources=[{"url": "nonsense"}]))
    assert {each["field"] for each in wrong} == {"date", "end_date", "slug", "sources-0-url"}
    assert latest(event).summary == "New summary"


def test_a_value_that_contradicts_another_is_left_out(event, save):
    (wrong,) = left_out(save(end_date="2015"))
    assert wrong == {"field": "end_date", "words": "The event ends before it begins."}
    assert latest(event).end_date is None


def test_a_source_with_an_invalid_field_stays_as_it_was_saved(event, save):
    # A new title with the old address would be a wrong source.
    (wrong,) = left_out(save(sources=[{"url": "http://", "title": "New title"}], place="City Hall"))
    assert wrong["field"] == "sources-0-url"
    assert "Until this is right, its whole row is not saved." in wrong["words"]
    (source,) = latest(event).sources.all()
    assert (source.title, source.url) == ("Vote", "https://example.org/vote")
    assert latest(event).place == "City Hall"


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("name", ["url", "archived_url", "published", "accessed"])
def test_a_new_source_waits_for_each_field(event, save, live, name):
    if not live:
        event.unpublish()
    wrong = left_out(save(sources=[{}, {"id": "", "title": "Second", name: "nonsense"}]))
    assert [each["field"] for each in wrong] == [f"sources-1-{name}"]
    assert [source.title for source in latest(event).sources.all()] == ["Vote"]
    assert not EventSource.objects.filter(title="Second").exists()


def test_a_new_row_waits_for_a_field_that_it_needs_and_the_rest_is_saved(event, save):
    second = {"kind": "update", "date": "2020-01-02", "text": "Second"}
    rows = [{"kind": "update", "date": "soon", "text": "First"}, second]
    answer = save(corrections=inline_formset(rows))
    (wrong,) = left_out(answer)
    assert wrong["field"] == "corrections-0-date"
    assert "Until this is right, its whole row is not saved." in wrong["words"]
    assert latest(event).summary == "New summary"
    assert [row.text for row in latest(event).corrections.all()] == ["Second"]

    # The browser enters the updates into the form.
    updates = answer.json()["field_updates"]
    for number, row in enumerate(rows):
        row["id"] = updates.get(f"corrections-{number}-id", "")
    rows[0]["date"] = "2020-01-01"
    initial = int(updates["corrections-INITIAL_FORMS"])
    assert left_out(save(corrections=inline_formset(rows, initial=initial))) == []
    assert [row.text for row in latest(event).corrections.all()] == ["First", "Second"]


def test_the_errors_of_a_deleted_row_do_not_matter(event, save):
    row = {"kind": "update", "date": "soon", "text": "First", "DELETE": "1"}
    (wrong,) = left_out(save(place="x" * 300, corrections=inline_formset([row])))
    assert wrong["field"] == "place"
    assert latest(event).summary == "New summary"


def test_an_invalid_part_of_a_block_is_left_out_and_all_other_blocks_are_saved(event, save):
    identity = "22222222-2222-4222-8222-222222222222"
    body = blocks(
        ("text", "11111111-1111-4111-8111-111111111111", draft("New text")),
        ("quote", identity, {"text": "New quote", "source_title": "A vote", "source_url": "nonsense"}),
        ("quote", "33333333-3333-4333-8333-333333333333", {"text": "Third", "source_url": "also nonsense"}),
    )
    wrong = left_out(save(body=body))
    assert [each["field"] for each in wrong] == [
        f"body.{identity}.source_url",
        "body.33333333-3333-4333-8333-333333333333.source_url",
    ]
    text, quote, third = latest(event).body
    assert "New text" in str(text.value)
    assert (quote.value["text"], quote.value["source_url"]) == ("New quote", "https://example.org/")
    assert (third.value["text"], third.value["source_url"]) == ("Third", "")


def test_a_corrected_field_is_saved(event, save):
    left_out(save(date="soon"))
    event = latest(event)
    assert left_out(save(date="June 2018")) == []
    assert str(latest(event).date) == "2018-06"


def test_saving_by_hand_shows_the_error_and_saves_nothing(event, save):
    response = save(by_itself=False, date="soon")
    assert response.status_code == 200
    assert 'value="soon"' in response.content.decode()
    assert latest(event).summary == "Saved summary"


def test_a_new_page_is_saved_without_its_invalid_fields(admin_client, event):
    timeline = event.get_parent()
    address = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", timeline.pk])
    data = {
        "title": "Protest",
        "slug": "protest",
        "date": "soon",
        "end_date": "",
        "summary": "People came.",
        "verification": "reported",
        "sources": inline_formset([]),
        "corrections": inline_formset([]),
        "comments": inline_formset([]),
    }
    form = nested_form_data(data) | blocks() | {"autosave": "1"}
    response = admin_client.post(address, form, headers={"accept": "application/json"})
    assert response.json()["success"], response.content
    page = EventPage.objects.get(title="Protest")
    assert not page.live
    assert (page.summary, page.date) == ("People came.", None)


def test_a_new_page_without_a_title_waits_for_one(admin_client, event):
    timeline = event.get_parent()
    address = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", timeline.pk])
    rows = {name: inline_formset([]) for name in ("sources", "corrections", "comments")}
    form = nested_form_data({"title": "", "date": "soon"} | rows) | blocks() | {"autosave": "1"}
    response = admin_client.post(address, form, headers={"accept": "application/json"})
    assert not response.json()["success"]


def test_an_invalid_field_of_a_figure_is_left_out_and_its_numbers_are_saved(admin_client):
    figure = factories.make_figure()
    rows = [{"id": value.pk, "label": "New label", "value": "many"} for value in figure.values.all()]
    new = {"id": "", "group": "Downtown", "value": "few", "period_start": "2018"}
    sources = [{"id": each.pk, "title": each.title, "url": ""} for each in figure.sources.all()]
    data = {
        "title": "New title",
        "slug": figure.slug,
        "unit": "count",
        "breakdown": "none",
        "values": inline_formset([*rows, new], initial=len(rows)),
        "sources": inline_formset(sources, initial=len(sources)),
    }
    response = admin_client.post(
        reverse(figure.snippet_viewset.get_url_name("edit"), args=[figure.pk]),
        nested_form_data(data) | {"autosave": "1"},
        headers={"accept": "application/json"},
    )
    wrong = {"values-0-value", f"values-{len(rows)}-value"}
    assert {each["field"] for each in left_out(response)} >= wrong
    draft = type(figure).objects.get(pk=figure.pk).get_latest_revision_as_object()
    assert draft.title == "New title"
    assert {value.value for value in draft.values.all()} == {value.value for value in figure.values.all()}


@pytest.mark.parametrize("live", [True, False])
def test_a_number_is_never_kept_without_the_period_that_was_refused(admin_client, live):
    figure = factories.make_figure(live=live)
    address = reverse(figure.snippet_viewset.get_url_name("edit"), args=[figure.pk])
    (value,) = figure.values.all()
    old = {"id": value.pk, "group": value.group, "value": "7", "period_start": "2019 Q1"}
    new = {"id": "", "group": "Downtown", "value": "5", "period_start": "2018 Q1"}
    sources = [{"id": each.pk, "title": each.title, "url": ""} for each in figure.sources.all()]
    data = nested_form_data(
        {
            "title": "New title",
            "slug": figure.slug,
            "unit": "count",
            "breakdown": "none",
            "sort_order": "0",
            "values": inline_formset([old, new], initial=1),
            "sources": inline_formset(sources, initial=len(sources)),
        }
    )

    def saved():
        draft = Figure.objects.get(pk=figure.pk).get_latest_revision_as_object()
        return draft.title, [(each.value, str(each.period_start)) for each in draft.values.all()]

    before = [(value.value, str(value.period_start))]
    answer = admin_client.post(address, data | {"autosave": "1"}, headers={"accept": "application/json"})
    wrong = {each["field"] for each in left_out(answer)}
    assert wrong == {"values-0-period_start", "values-1-period_start"}
    assert saved() == ("New title", before)

    # Nor is it published: the error is shown again.
    html = admin_client.post(address, data | {"action-publish": "1"}).content.decode()
    assert 'value="2018 Q1"' in html
    assert "Write a date such as" in html
    assert saved() == ("New title", before)
