"""Reading a page: the length of lines, sources that open in place, and the list of contents."""

from itertools import pairwise
from statistics import median

import pytest
from playwright.sync_api import expect

from concerns.models import ConcernPage
from tests.support import factories

pytestmark = pytest.mark.browser

# Return the number of characters of each line, except the last one of each paragraph.
LINES = """
() => [...document.querySelectorAll("main .prose p")].flatMap((paragraph) => {
  const lines = new Map();
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    if (node.parentElement.closest("button")) continue;
    for (const match of node.data.matchAll(/\\S+\\s*/g)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].trimEnd().length);
      const top = Math.round(range.getBoundingClientRect().bottom / 8);
      lines.set(top, (lines.get(top) || 0) + match[0].length);
    }
  }
  return [...lines.values()].slice(0, -1);
})
"""


@pytest.fixture
def concern(admin):
    return f"{admin.url}{ConcernPage.objects.get(slug='not-diverted').url}"


def test_lines_of_text_have_sixty_to_seventy_five_characters(page, concern):
    for width in (768, 1120, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(concern)
        assert 60 <= median(page.evaluate(LINES)) <= 75


def test_a_source_opens_in_place_and_closes_without_javascript(page_without_javascript, concern):
    page = page_without_javascript
    # Wait until the window has stopped scrolling.
    page.emulate_media(reduced_motion="reduce")
    page.goto(concern)
    number = page.get_by_role("button", name="Source 1", exact=True)
    note = page.locator("#cited-1")
    expect(note).to_be_hidden()
    number.focus()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    of_note, of_number = note.bounding_box(), number.bounding_box()
    below = of_note["y"] - (of_number["y"] + of_number["height"])
    above = of_number["y"] - (of_note["y"] + of_note["height"])
    assert 0 <= max(below, above) < 20
    page.keyboard.press("Tab")
    expect(note.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(number).to_be_focused()


@pytest.mark.parametrize("width", [320, 1280])
def test_an_open_source_is_within_the_window(page, concern, width):
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(concern)
    for number in page.get_by_role("button", name="Source").all():
        number.click()
        note = page.locator("[popover]:popover-open")
        box = note.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")


def test_the_contents_link_to_headings_below_the_fixed_header(page, concern):
    page.set_viewport_size({"width": 1280, "height": 700})
    # Otherwise, the window would still be scrolling while positions are read.
    page.emulate_media(reduced_motion="reduce")
    page.goto(concern)
    contents = page.get_by_role("navigation", name="On this page")
    assert contents.get_by_role("link").all_inner_texts() == [
        "What was promised",
        "What happened",
        "Why it matters",
        "What we ask",
        "Sources",
        "The evidence in time",
    ]
    for link in contents.get_by_role("link").all():
        link.click()
        expect(page).to_have_url(f"{concern}{link.get_attribute('href')}")
        heading = page.get_by_role("heading", name=link.inner_text(), exact=True)
        expect(heading).to_be_in_viewport()
        head = page.locator("header").first.bounding_box()
        assert heading.bounding_box()["y"] >= head["y"] + head["height"]


def test_the_scroll_position_is_restored_when_going_back(page, concern):
    page.emulate_media(reduced_motion="reduce")
    page.goto(concern)
    page.evaluate("scrollTo(0, 900)")
    page.goto(page.url.replace("/concerns/not-diverted/", "/glossary/"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()


def test_years_with_many_events_stay_side_by_side(page, site):
    for number in range(40):
        factories.make_event(date=f"{2010 + number % 12 // 11}-{number % 12 + 1:02}")
    for path, width in (("/", 1024), ("/", 1280), ("/timeline/", 320), ("/timeline/", 1280)):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(site + path)
        years = page.get_by_role("navigation", name="Events by year").locator("svg").all()
        boxes = sorted((each.bounding_box() for each in years), key=lambda box: (box["y"] // 400, box["x"]))
        assert len(boxes) > 2
        for one, next_one in pairwise(boxes):
            assert one["x"] + one["width"] < next_one["x"]
