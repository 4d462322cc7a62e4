"""The real TimelineJS reads our exports. Requires `make node`."""

from urllib.parse import urlsplit

import pytest

from tests.support import factories
from tests.support.packages import needs
from tests.support.timelinejs import TimelineJS
from timeline.models import Era

pytestmark = [pytest.mark.browser, needs("@knight-lab/timelinejs")]

HERE = {"127.0.0.1", "localhost"}
SPANS = "timeline.config.events.filter(event => event.end_date).map(event => event.text.headline)"


@pytest.fixture
def show(page):
    """Return a function that shows a timeline in TimelineJS, and waits until all of it is rendered."""
    server = TimelineJS()

    def show(source):
        page.route(lambda url: urlsplit(url).hostname not in HERE, lambda route: route.abort())
        page.goto(server.page_of(source))
        page.wait_for_function("window.timeline?.ready")
        return page

    yield show
    server.close()


def words(page, selector):
    return {text.strip() for text in page.locator(selector).all_text_contents()}


def test_it_shows_all_of_our_events(site, show):
    factories.make_event(title="Known to the year", date="2016")
    factories.make_event(title="A span", date="2018", end_date="May 2018")
    factories.make_event(title="About then & <so>", date="about March 2019")
    timeline = factories.make_timeline()
    timeline.eras = [Era(headline="The pilot", start="November 2017", end="July 2018")]
    timeline.save_revision().publish()
    page = show(f"{site}/timeline/events.json")
    titles = {"Known to the year", "A span", "About then & <so>"}
    titles |= {"The pilot launches", "Protest at City Hall"}
    assert words(page, ".tl-timemarker .tl-headline") == titles
    assert words(page, ".tl-slide h2.tl-headline") >= titles
    assert words(page, ".tl-timeera .tl-headline") == {"The pilot"}
    assert "about March 2019" in words(page, ".tl-slide .tl-headline-date")
    # Without our empty parts, TimelineJS would drop the end of a span whose start is less precise.
    assert page.evaluate(SPANS) == ["A span"]


def test_it_accepts_our_filters(site, show):
    page = show(f"{site}/timeline/events.json?year=2016")
    assert words(page, ".tl-timemarker .tl-headline") == {"Protest at City Hall"}


def test_it_drops_an_end_that_equals_its_start_unless_the_start_has_empty_parts(show):
    end = {"year": 2020, "month": 5}
    events = [
        {"start_date": start, "end_date": end, "text": {"headline": name}}
        for name, start in (("Lost", {"year": 2020}), ("Kept", {"year": 2020, "month": ""}))
    ]
    assert show({"events": events}).evaluate(SPANS) == ["Kept"]
