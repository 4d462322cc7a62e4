"""The focus is visible at each stop when going through a page with the keyboard, forward and back."""

import pytest

from tests.support.everyone.keyboard import WINDOWS, Keyboard
from tests.support.everyone.places import OPEN, PLACES, go

pytestmark = pytest.mark.browser

# Open menus may cover the text.
CLOSE_AROUND = """() => {
  for (const each of document.querySelectorAll("details:not(main *)")) each.open = false;
}"""


@pytest.mark.parametrize("window", WINDOWS)
def test_the_focus_is_visible_everywhere_on_every_page(browser, everything, window, subtests):
    page = browser.new_page(viewport=WINDOWS[window], reduced_motion="reduce")
    for name, where in PLACES.items():
        with subtests.test(place=name):
            go(page, everything, where)
            page.evaluate(OPEN)
            page.evaluate(CLOSE_AROUND)
            keyboard = Keyboard(page)
            there, back = keyboard.round_trip()
            assert keyboard.problems == []
            # There is no keyboard trap.
            assert there == back > 1
