"""The words that say how many events a visitor sees."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from tests.support import factories
from timeline.windows import Window

WINDOW = Window(2, 1000, 100, [2017])


WORDS = {
    ("en", 1): "1 event<",
    ("en", 999): "999 events",
    ("en", 12345): "12,345 events",
    ("es", 12345): "12,345 ",
}


@pytest.mark.parametrize(("language", "total"), WORDS)
def test_large_numbers_of_events_are_written_in_groups(language, total):
    with override(language):
        assert WORDS[language, total] in render_to_string("components/event_count.html", {"total": total})


@pytest.mark.django_db
def test_the_numbers_of_a_window_are_written_in_groups_and_its_years_are_not():
    windows = {"are_several": True, "current": WINDOW, "total": 12345}
    html = render_to_string(
        "components/windows.html", {"windows": windows, "page": factories.make_timeline()}
    )
    assert "<strong>2017</strong>, events 1,001 to 1,100 of 12,345." in html


@pytest.mark.django_db
def test_a_filter_by_partner_is_named_as_people_say_it(client):
    partner = factories.make_partner(title="Sex Workers and Allies Network", short_name="SWAN", slug="swan")
    event = factories.make_event(partners=[partner])
    html = client.get(f"{event.get_parent().url}?partner=swan").content.decode()
    assert "<span>SWAN</span>" in html.partition("Only showing")[2].partition("</p>")[0]
