"""Screen readers announce an event in a meaningful order, which is the visual order."""

import pytest

from tests.support.everyone.places import PLACES
from timeline.models import EventPage

pytestmark = pytest.mark.browser

# Return the text and position of each part of each event, in DOM order.
EVENTS = """() => [...document.querySelectorAll("article.event")].map(event => {
  const range = document.createRange();
  const boxes = [...event.querySelectorAll("*")]
    .filter(each => !each.children.length && each.textContent.trim())
    .map(each => { range.selectNodeContents(each); return range.getClientRects()[0]; })
    .filter(box => box && box.width > 1)
    .map(({ left, top, bottom }) => [left, top, bottom]);
  return { slug: event.id.replace(/^event-/, ""), text: event.textContent.replace(/\\s+/g, " "), boxes };
})"""


@pytest.mark.parametrize("place", ["timeline", "embed", "concern", "partner"])
@pytest.mark.parametrize("width", [320, 1440])
def test_an_event_states_date_title_certainty_summary_and_sources_in_order(page, everything, place, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(everything + PLACES[place])
    events = page.evaluate(EVENTS)
    assert events
    for shown in events:
        event = EventPage.objects.live().get(slug=shown["slug"], url_path__contains="/timeline/")
        parts = [event.when, event.title, event.get_verification_display(), event.summary]
        parts += [source.title for source in event.sources.all()]
        places = [shown["text"].find(" ".join(str(part).split())) for part in parts]
        assert -1 not in places, event
        assert places == sorted(places), event


@pytest.mark.parametrize("place", ["timeline", "embed"])
@pytest.mark.parametrize("width", [320, 1440])
def test_each_part_of_an_event_is_below_or_beside_the_one_before(page, everything, place, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(everything + PLACES[place])
    for shown in page.evaluate(EVENTS):
        for (left, top, _bottom), (next_left, next_top, next_bottom) in zip(
            shown["boxes"], shown["boxes"][1:], strict=False
        ):
            is_below = next_top >= top - 1
            is_beside = next_left > left and next_bottom > top
            assert is_below or is_beside, shown["text"]
