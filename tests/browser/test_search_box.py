"""Suggestions while typing, with keyboard, mouse and touch, and the plain form without them."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support import factories
from tests.support.waiting import wait_until

SCRIPT = Path(__file__).parent.parent.parent / "leadwatch" / "static" / "js" / "search_box.js"
BOXES = [("/timeline/", "#search-top"), ("/search/", "#search-main")]


@pytest.fixture
def events(site):
    """Create three pages whose titles start with the same word; return them by title."""
    made = [
        factories.make_event(title=f"{kind} of the mayor") for kind in ("Promise", "Proposal", "Protocol")
    ]
    return {event.title: event for event in made}


def type_into(page, words, box="#search-top"):
    """
    Insert text at the end of the field, and wait for suggestions.

    Insert it at once, since suggestions for some of the letters could be replaced at any time.
    """
    page.locator(box).press("End")
    page.keyboard.insert_text(words)
    options = page.locator(f"{box}-list [role=option]")
    options.first.wait_for()
    return options


def marked(page, box="#search-top"):
    """Return the option that Enter would choose, as announced by screen readers."""
    number = page.locator(box).get_attribute("aria-activedescendant")
    chosen = page.locator("[role=option][aria-selected=true]")
    if not number:
        assert chosen.count() == 0
        return None
    assert chosen.get_attribute("id") == number
    return chosen.inner_text().split("\n")[0].strip()


def test_the_script_is_small():
    assert SCRIPT.stat().st_size <= 3000


@pytest.mark.django_db
def test_suggestions_are_in_the_language_of_the_page(client):
    factories.make_home()
    assert 'data-suggest="/search/suggest/"' in client.get("/search/").content.decode()
    assert 'data-suggest="/es/search/suggest/"' in client.get("/es/search/").content.decode()


@pytest.mark.browser
@pytest.mark.parametrize(("path", "box"), BOXES)
def test_typing_opens_a_list_with_a_label(page, site, events, path, box):
    page.goto(site + path)
    field = page.locator(box)
    # Pages with a search field of their own have none at the top.
    expect(page.get_by_role("combobox")).to_have_count(1)
    expect(field).to_have_attribute("aria-autocomplete", "list")
    expect(field).to_have_attribute("aria-expanded", "false")
    options = type_into(page, "pro", box)
    expect(field).to_have_attribute("aria-expanded", "true")
    listbox = page.get_by_role("listbox", name="Suggestions")
    assert listbox.get_attribute("id") == field.get_attribute("aria-controls")
    expect(options).to_have_count(4)
    expect(listbox.get_by_role("option")).to_have_count(4)
    expect(page.get_by_role("option", name="Promise of the mayor Event", exact=True)).to_be_visible()
    expect(page.get_by_role("status").get_by_text("4 suggestions", exact=True)).to_have_count(1)
    assert marked(page, box) is None
    field.press_sequentially("tes")
    page.get_by_role("status").get_by_text("1 suggestion", exact=True).wait_for()
    field.press_sequentially("x")
    listbox.wait_for(state="hidden")
    expect(field).to_have_attribute("aria-expanded", "false")


@pytest.mark.browser
def test_the_arrow_keys_wrap_around_and_enter_opens_the_marked_option(page, site, events):
    page.goto(site)
    options = type_into(page, "of the mayor")
    titles = [text.removesuffix(" Event") for text in options.all_text_contents()]
    assert sorted(titles) == sorted(events)
    passed = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        passed.append(marked(page))
    assert passed == [*titles, titles[0], titles[-1]]
    # Moving the text cursor leaves the list.
    page.keyboard.press("Home")
    assert marked(page) is None
    assert page.evaluate("document.activeElement.selectionStart") == 0
    page.keyboard.press("ArrowUp")
    assert marked(page) == titles[-1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{events[titles[1]].url}*")
    expect(page.locator("h1")).to_have_text(titles[1])


@pytest.mark.browser
def test_enter_without_a_marked_option_and_the_button_submit_the_form(page, site, events):
    page.goto(site)
    type_into(page, "pro")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=pro")
    type_into(page, "mise", "#search-main")
    page.get_by_role("search", name="Search again").get_by_role("button").click()
    page.wait_for_url("**/search/?q=promise")


@pytest.mark.browser
def test_escape_closes_the_list_then_clears_the_field_and_leaving_the_field_closes_the_list(
    page, site, events
):
    page.goto(f"{site}/search/?q=protest")
    field, listbox = page.locator("#search-main"), page.locator("#search-main-list")
    field.focus()
    expect(listbox).to_be_hidden()
    page.keyboard.press("ArrowDown")
    listbox.wait_for()
    page.keyboard.press("Escape")
    expect(listbox).to_be_hidden()
    expect(field).to_have_value("protest")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    for leave in (lambda: page.keyboard.press("Tab"), lambda: page.locator("h1").click()):
        field.fill("")
        type_into(page, "pro", "#search-main")
        leave()
        expect(listbox).to_be_hidden()
        expect(field).to_have_attribute("aria-expanded", "false")
        expect(field).to_have_value("pro")


@pytest.mark.browser
@pytest.mark.parametrize("touch", [False, True])
def test_a_click_or_a_tap_chooses_an_option(browser, site, events, touch):
    page = browser.new_page(has_touch=touch, viewport={"width": 360, "height": 640})
    page.goto(f"{site}/search/")
    option = type_into(page, "of the mayor", "#search-main").filter(has_text="Proposal")
    assert option.bounding_box()["height"] >= 44
    option.tap() if touch else option.click()
    page.wait_for_url(f"**{events['Proposal of the mayor'].url}*")


@pytest.mark.browser
def test_requests_are_few_and_sent_after_a_pause_in_typing(page, site, events):
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "suggest" in request.url else None)
    # The page's clock advances only with each key.
    page.clock.install(time=0)
    page.goto(site)
    page.clock.pause_at(60_000)
    field = page.locator("#search-top")
    field.press_sequentially(" p ")
    page.clock.run_for(400)
    assert asked == []
    field.fill("")
    for letter in "protocol":
        field.press(letter)
        page.clock.run_for(100)
    assert asked == []
    page.clock.run_for(100)
    page.locator("[role=option]").first.wait_for()
    assert asked == [f"{site}/search/suggest/?q=protocol"]


@pytest.mark.browser
def test_keys_during_composition_are_ignored(page, site, events):
    page.goto(site)
    options = type_into(page, "pro")
    for key in ("ArrowDown", "Enter", "Escape"):
        page.locator("#search-top").dispatch_event("keydown", {"key": key, "isComposing": True})
    expect(options.first).to_be_visible()
    assert marked(page) is None


@pytest.fixture
def slow(page):
    """Hold requests for suggestions until the test responds to them with one result."""
    held = {}
    page.route("**/suggest/*", lambda route: held.update({route.request.url.partition("=")[2]: route}))

    class Slow:
        def type(self, letters, words):
            """Type letters, and wait for the request with these words."""
            with page.expect_request(f"**/suggest/?q={words}"):
                page.locator("#search-top").press_sequentially(letters)
            wait_until(lambda: page.evaluate("true") and words in held)

        def answer(self, words, title):
            held[words].fulfill(json={"suggestions": [{"title": title, "kind": "Event", "address": "/"}]})

    return Slow()


@pytest.mark.browser
def test_a_slow_response_does_not_replace_a_later_one(page, site, slow):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(site)
    slow.type("pro", "pro")
    slow.type("test", "protest")
    slow.answer("protest", "In time")
    expect(page.locator("[role=option]")).to_have_text(["In time Event"])
    slow.answer("pro", "Too late")
    # Long enough for the page to handle a response.
    page.wait_for_timeout(200)
    expect(page.locator("[role=option]")).to_have_text(["In time Event"])
    assert not complaints


@pytest.mark.browser
def test_a_response_opens_nothing_after_leaving_the_field(page, site, slow):
    page.goto(site)
    slow.type("pro", "pro")
    page.keyboard.press("Tab")
    slow.answer("pro", "Too late")
    # Long enough for the page to handle a response.
    page.wait_for_timeout(200)
    expect(page.locator("#search-top-list")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.parametrize("answer", [{"status": 500, "body": "<h1>Error"}, None])
def test_without_a_response_the_field_is_a_plain_one(page, site, events, answer):
    page.goto(site)
    type_into(page, "pro")
    page.route("**/suggest/*", lambda route: route.fulfill(**answer) if answer else route.abort())
    page.locator("#search-top").press_sequentially("test")
    page.locator("#search-top-list").wait_for(state="hidden")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=protest")


@pytest.mark.browser
def test_titles_are_escaped(page, site):
    title = "<img src=x onerror=alert(1)> & the mayor"
    factories.make_event(title=title, slug="odd")
    page.goto(site)
    expect(type_into(page, "mayor")).to_have_text([f"{title} Event"])
    expect(page.locator(".suggestions img")).to_have_count(0)


@pytest.mark.browser
def test_without_javascript_it_is_a_plain_search_field(page_without_javascript, site):
    page = page_without_javascript
    page.goto(site)
    expect(page.locator("[role=combobox], [role=listbox], [aria-expanded], [aria-controls]")).to_have_count(0)
    page.get_by_role("searchbox").fill("protest")
    page.get_by_role("search").get_by_role("button").click()
    expect(page).to_have_url(f"{site}/search/?q=protest")
    expect(page.get_by_role("link", name="Protest at City Hall")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "box", "width"),
    [
        ("/timeline/", "#search-top", 1280),
        ("/search/?q=pro", "#search-main", 1280),
        ("/search/?q=pro", "#search-main", 360),
    ],
)
def test_the_open_list_is_accessible_and_moves_nothing(browser, site, events, path, box, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(site + path)
    page.locator(box).fill("")
    before = page.evaluate("document.querySelector('main').getBoundingClientRect().toJSON()")
    type_into(page, "of the mayor", box)
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().toJSON()") == before
    shown = page.locator(f"{box}-list").bounding_box()
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Nothing covers it.
    assert page.locator("[role=option]").last.evaluate(
        "option => { const box = option.getBoundingClientRect();"
        " return option.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)) }"
    )
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert all(address.startswith(site) for address in asked)
    assert not complaints
    assert not page.context.cookies()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
