"""An event has one identity in all languages, and a translated sheet makes or updates its translation."""

import csv
import io
import json

import pytest
from icalendar import Calendar

from tests.support import factories
from timeline.exchange.imports.applying import carry_out
from timeline.exchange.imports.plan import Action
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import read_file
from timeline.models import EventCategory, EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def timeline():
    timeline = factories.make_timeline()
    factories.make_translation(timeline.get_parent().specific)
    factories.make_translation(timeline, title="Cronología", slug="cronologia")
    concern = factories.make_concern(slug="fit")
    factories.make_translation(concern.get_parent().specific)
    factories.make_translation(concern, slug="medida")
    protest = factories.make_event(title="Protest", slug="protest", date="2016-11-18", concerns=[concern])
    factories.make_translation(protest, title="Protesta", slug="protesta")
    factories.make_event(title="Launch", slug="launch", date="2017-11-29", concerns=[concern])
    return timeline


@pytest.fixture
def there(timeline):
    return timeline.get_translations().get()


def test_files_follow_the_language_and_keep_the_ids(client, timeline):
    def file(address):
        return b"".join(client.get(address)).decode()

    slides = [json.loads(file(f"/timeline/events.json{query}"))["events"] for query in ("", "?lang=es")]
    assert [each["text"]["headline"] for each in slides[1]] == ["Protesta", "Launch"]
    assert [each["lead_watch"]["url"].partition("localhost")[2] for each in slides[1]] == [
        *("/es/cronologia/protesta/", "/timeline/launch/")
    ]
    ids = [[each["unique_id"] for each in some] for some in slides]
    assert ids[0] == ids[1]
    assert [each["lead_watch"]["language"] for each in slides[1]] == ["es", "en"]
    assert "Protesta" in file("/timeline/events.csv?lang=es")
    calendar = Calendar.from_ical(file("/timeline/events.ics?lang=es"))
    assert calendar["X-WR-CALNAME"] == "Cronología"
    entries = [(each["UID"], each["SUMMARY"].params["LANGUAGE"]) for each in calendar.walk("VEVENT")]
    assert entries == list(zip(ids[0], ["es", "en"], strict=True))
    assert "Protest<" not in file("/timeline/events.json?lang=xx")


def test_a_slide_describes_its_image_in_the_language_of_the_file(client, timeline):
    image = factories.make_image(descriptions={"es": "Personas en la alcaldía"})
    EventPage.objects.update(lead_image=image)

    def described(query):
        slides = json.loads(b"".join(client.get(f"/timeline/events.json{query}")))["events"]
        return [(each["media"]["alt"], each["lead_watch"]["lead_image"]["alt"]) for each in slides]

    assert described("") == [("People at City Hall",) * 2] * 2
    assert described("?lang=es") == [("Personas en la alcaldía", "People at City Hall")] * 2


def sheet(client, **words):
    """Return the rows of an export with other words in their cells, as a file."""
    text = b"".join(client.get("/timeline/events.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, rows[0])
    writer.writeheader()
    writer.writerows(row | words | {"Headline": f"{row['Headline']} (es)"} for row in rows)
    return read_file(held.getvalue().encode())


def test_a_translated_sheet_makes_and_updates_translations(client, timeline, there):
    plan = make_plan(there, sheet(client, Language="es", Summary="En español."), publish=True)
    assert [row.problem for row in plan.rows] == ["", ""]
    assert [row.action for row in plan.rows] == [Action.CHANGE, Action.CREATE]
    assert "A translation of “Launch”." in plan.rows[1].notes
    assert not EventPage.objects.get(slug="launch").get_translations().exists()
    carry_out(plan)
    assert EventPage.objects.count() == 4
    for slug in ("protest", "launch"):
        original = EventPage.objects.child_of(timeline).get(slug=slug)
        translation = original.get_translations().get()
        assert translation.title == f"{original.title} (es)"
        assert translation.summary == "En español."
        assert translation.unique_id == original.unique_id
        assert [each.slug for each in translation.concerns.all()] == ["medida"]
    assert translation.category.translation_key == original.category.translation_key
    assert EventCategory.objects.count() == 2
    again = make_plan(there, sheet(client, Language="es", Summary="En español."), publish=True)
    assert {row.action for row in again.rows} == {Action.SAME}


def test_a_sheet_in_another_language_than_its_timeline_is_refused(client, timeline, there):
    for place, language in ((there, "en"), (timeline, "es")):
        plan = make_plan(place, sheet(client, Language=language))
        assert {row.action for row in plan.rows} == {Action.REFUSE}
        assert f"The row is in “{language}”" in plan.rows[0].problem
    # Files of earlier versions do not say their language.
    plan = make_plan(there, sheet(client, Language=""))
    assert [row.action for row in plan.rows] == [Action.CHANGE, Action.CREATE]


def test_a_copy_of_an_event_is_another_event(timeline):
    event = EventPage.objects.get(slug="launch")
    assert event.copy(update_attrs={"slug": "other"}).unique_id != event.unique_id
