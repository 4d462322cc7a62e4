"""
With nothing but a keyboard: what people come for, and that they always see where they are.

At each stop of each way what has the focus is in the window, nothing lies over it (WCAG 2.4.11), and it is
marked (2.4.7) by an outline that stands out from what is around it (1.4.11), or by other pixels.
"""

import re

import pytest

from concerns.models import ConcernSource
from home.models import ContactMessage, SiteSettings, contact
from tests import factories
from tests.browser.contrast import contrast
from tests.browser.places import OPEN, PLACES, go

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The first is one of 1280 by 1024 px, enlarged four times: nowhere is it easier to cover what has the focus.
WINDOWS = {"enlarged": (320, 256), "desk": (1440, 900)}
# More stops than any page has.
FOREVER = 500

# What there is to say of an element that has the focus, or is marked as if it had.
LOOK = """element => {
  const paint = document.createElement("canvas").getContext("2d");
  const color = text => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = text;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  let behind = element.parentElement;
  while (behind.parentElement && color(getComputedStyle(behind).backgroundColor)[3] < 255)
    behind = behind.parentElement;

  const inside = box => {
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    return { left, right, top, bottom, width: right - left, height: bottom - top };
  };
  // What is too large, or may be scrolled by itself, must be seen in part; all else must be seen as a whole.
  const isLarge = box =>
    box.height > innerHeight / 3 || box.width > innerWidth || element.matches("textarea, svg *");
  const isSeen = box => {
    const seen = inside(box);
    const least = isLarge(box) ? 24 : Infinity;
    return seen.width > Math.min(box.width, least) - 1 && seen.height > Math.min(box.height, least) - 1;
  };
  const boxes = [...element.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
  const covers = boxes.filter(isSeen).map(box => {
    const { left, right, top, bottom } = inside(box);
    const points = [left + 1, (left + right) / 2, right - 1]
      .flatMap(x => [top + 1, (top + bottom) / 2, bottom - 1].map(y => [x, y]));
    const over = points.map(point => document.elementFromPoint(...point))
      .filter(top => top && !element.contains(top) && !top.contains(element));
    return over.length > (isLarge(box) ? points.length - 1 : 0) ? over[0].outerHTML.slice(0, 120) : "";
  });
  const style = getComputedStyle(element);
  const { x, y, width, height } = element.getBoundingClientRect();
  return {
    what: element.outerHTML.slice(0, 160),
    isSeen: covers.length > 0,
    cover: covers.every(Boolean) ? covers[0] : "",
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    outlineColor: color(style.outlineColor),
    behind: color(getComputedStyle(behind).backgroundColor).slice(0, 3),
    box: [x, y, width, height],
  };
}"""
# The element to look at: null at the end of the page, and where one has been before. All stops in a frame are
# its frame.
STOP = """() => {
  const element = document.activeElement;
  window.passed ??= new Set();
  if (element === document.body || (window.passed.has(element) && element !== window.last)) return null;
  window.passed.add(element);
  window.last = element;
  return element;
}"""


# Makes the next stop the first one.
START = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""


class Keyboard:
    """Somebody with nothing but a keyboard; `problems` says where she did not see where she was."""

    def __init__(self, page):
        self.page = page
        self.problems = []

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def stop(self, key="Tab"):
        """Go on by one; whether there was anything."""
        self.press(key)
        element = self.page.evaluate_handle(STOP).as_element()
        if element and not element.evaluate("element => element.matches('iframe, [tabindex=\"-1\"]')"):
            self.look(element)
        return element is not None

    def round_trip(self):
        """Go through all of a page and back; the numbers of stops."""
        counts = []
        self.page.evaluate(START)
        for key in ("Tab", "Shift+Tab"):
            self.page.evaluate("() => { window.passed = new Set() }")
            counts.append(next(count for count in range(FOREVER) if not self.stop(key)))
        return counts

    def look(self, element):
        seen = element.evaluate(LOOK)
        if not seen["isSeen"]:
            self.problems.append(f"Out of sight at {seen['box']}: {seen['what']}")
        elif seen["cover"]:
            self.problems.append(f"Covered by {seen['cover']}: {seen['what']}")
        elif not (self.is_outlined(seen) or self.changes(element, seen["box"])):
            self.problems.append(f"Not marked: {seen['what']}")

    def is_outlined(self, seen):
        return seen["outline"] >= 2 and contrast(seen["outlineColor"], seen["behind"]) >= 3

    def changes(self, element, box):
        """Whether what has the focus looks otherwise without it."""
        window = self.page.viewport_size
        left, top = max(box[0] - 4, 0), max(box[1] - 4, 0)
        right, bottom = (
            min(box[0] + box[2] + 4, window["width"]),
            min(box[1] + box[3] + 4, window["height"]),
        )
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        focused = self.page.screenshot(clip=clip)
        element.evaluate("element => element.blur()")
        blurred = self.page.screenshot(clip=clip)
        element.evaluate("element => element.focus({ preventScroll: true })")
        return focused != blurred

    def reach(self, wanted):
        """Press Tab until it has the focus."""
        for _press in range(FOREVER):
            self.stop()
            if wanted.and_(self.page.locator(":focus")).count():
                return
        raise AssertionError(f"Not reached: {wanted}")

    def reach_in_menu(self, name):
        """Press Tab to an entry of the main menu, having opened that where it is folded."""
        menu = self.page.get_by_role("navigation", name="Main menu")
        if not menu.get_by_role("link").first.is_visible():
            self.reach(self.page.get_by_role("button", name=re.compile("menu", re.IGNORECASE)))
            self.press("Enter")
        self.reach(menu.get_by_role("link", name=name, exact=True))


@pytest.fixture(params=WINDOWS)
def page(browser, request):
    width, height = WINDOWS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    # Other sites are blank.
    context.route(re.compile("^https:"), lambda route: route.fulfill(body="", content_type="text/html"))
    yield context.new_page()
    context.close()


@pytest.fixture
def keyboard(page):
    """Its way has to have been seen to the end."""
    keyboard = Keyboard(page)
    yield keyboard
    assert keyboard.problems == []


def test_what_has_the_focus_is_seen_on_every_way_through_every_page(page, everything, subtests):
    for name, where in PLACES.items():
        with subtests.test(place=name):
            go(page, everything, where)
            page.evaluate(OPEN)
            keyboard = Keyboard(page)
            there, back = keyboard.round_trip()
            assert keyboard.problems == []
            # Nowhere is one caught.
            assert there == back > 1


def test_one_skips_to_the_text(page, site, keyboard):
    page.goto(f"{site}/timeline/")
    keyboard.reach(page.get_by_role("link", name="Skip to the text"))
    keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('main')")
    keyboard.stop()
    assert page.get_by_role("main").locator(":focus").count() == 1


def test_one_reads_a_concern_and_goes_to_its_source(page, site, keyboard):
    source = ConcernSource(**factories.source_fields(url="https://example.org/article"))
    factories.make_concern(title="The City did not answer", sources=[source])
    page.goto(site)
    keyboard.reach_in_menu("Concerns")
    keyboard.press("Enter")
    page.wait_for_url("**/concerns/")
    keyboard.reach(page.get_by_role("main").get_by_role("link", name="The City did not answer"))
    keyboard.press("Enter")
    page.get_by_role("heading", name="The City did not answer", level=1).wait_for()
    keyboard.reach(page.get_by_role("main").get_by_role("link", name=source.title))
    keyboard.press("Enter")
    page.wait_for_url(source.url)


def test_one_narrows_the_timeline(page, site, keyboard):
    page.goto(f"{site}/timeline/")
    year = page.get_by_label("Year or years")
    if not year.is_visible():
        keyboard.reach(page.get_by_role("main").locator("summary"))
        keyboard.press("Enter")
    keyboard.reach(year)
    page.keyboard.type("2016")
    keyboard.reach(page.get_by_role("button", name="Show these events"))
    keyboard.press("Enter")
    page.wait_for_url("**year=2016**")
    assert page.locator("article.event").count() == 1


def test_one_goes_to_what_is_suggested(page, site, keyboard):
    page.goto(site)
    keyboard.reach(page.get_by_role("combobox"))
    page.keyboard.type("pilot")
    option = page.get_by_role("option", name="The pilot launches")
    option.wait_for()
    keyboard.press("ArrowDown")
    marked = page.locator("[role=option][aria-selected=true]")
    keyboard.look(marked.element_handle())
    keyboard.press("Enter")
    page.get_by_role("heading", name="The pilot launches", level=1).wait_for()


def test_one_searches_without_suggestions(page, site, keyboard):
    page.route("**/suggest/**", lambda route: route.abort())
    page.goto(site)
    keyboard.reach(page.get_by_role("combobox"))
    page.keyboard.type("pilot")
    keyboard.press("Enter")
    page.wait_for_url("**/search/?q=pilot")
    keyboard.reach(page.locator("li[data-result]").get_by_role("link", name="The pilot launches"))
    keyboard.press("Enter")
    page.get_by_role("heading", name="The pilot launches", level=1).wait_for()


def test_one_takes_the_events_along(page, site, keyboard):
    page.goto(f"{site}/timeline/")
    keyboard.reach(page.get_by_role("link", name=re.compile("CSV")))
    with page.expect_download() as download:
        keyboard.press("Enter")
    assert b"The pilot launches" in download.value.path().read_bytes()


def test_one_writes_to_us_and_is_led_to_what_was_left_out(page, site, keyboard, monkeypatch):
    monkeypatch.setattr(contact, "SHORTEST_WRITING", 0)
    page.goto(f"{site}/contact/")
    send = page.get_by_role("button", name="Send the message")
    keyboard.reach(send)
    keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    keyboard.reach(page.get_by_role("alert").get_by_role("link"))
    keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Your message")
    assert field.and_(page.locator(":focus")).count() == 1
    assert field.get_attribute("aria-invalid") == "true"
    error = page.locator(f"[id='{field.get_attribute('aria-describedby').split()[-1]}']")
    assert "required" in error.inner_text()
    page.keyboard.type("What is LEAD?")
    keyboard.reach(send)
    keyboard.press("Enter")
    page.wait_for_url("**/thanks/")
    assert ContactMessage.objects.get().form_data["your_message"] == "What is LEAD?"


def test_one_leaves_by_the_first_links_or_by_pressing_shift_three_times(page, site, keyboard):
    settings = SiteSettings.load()
    settings.exit_url = f"{site}/robots.txt"
    settings.save()
    for name in ("Exit this page quickly", "Emergency Exit this page"):
        page.goto(f"{site}/timeline/")
        keyboard.reach(page.get_by_role("link", name=name, exact=True))
        keyboard.press("Enter")
        page.wait_for_url("**/robots.txt")
    page.goto(f"{site}/timeline/")
    keyboard.press("Shift", "Shift", "Shift")
    page.wait_for_url("**/robots.txt")
