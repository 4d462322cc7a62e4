"""Whoever goes through a page with the keyboard, there and back, sees at each stop where she is."""

import pytest

from tests.support.everyone.keyboard import WINDOWS, Keyboard
from tests.support.everyone.places import OPEN, PLACES, go

pytestmark = pytest.mark.browser

# What folds around the text may lie over it while it is open.
CLOSE_AROUND = """() => {
  for (const each of document.querySelectorAll("details:not(main *)")) each.open = false;
}"""


@pytest.mark.parametrize("window", WINDOWS)
def test_what_has_the_focus_is_seen_on_every_way_through_every_page(browser, everything, window, subtests):
    page = browser.new_page(viewport=WINDOWS[window], reduced_motion="reduce")
    for name, where in PLACES.items():
        with subtests.test(place=name):
            go(page, everything, where)
            page.evaluate(OPEN)
            page.evaluate(CLOSE_AROUND)
            keyboard = Keyboard(page)
            there, back = keyboard.round_trip()
            assert keyboard.problems == []
            # Nowhere is one caught.
            assert there == back > 1
