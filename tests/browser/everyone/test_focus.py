"""The focus is visible at each stop when going through a page with the keyboard, forward and back."""

import pytest

from tests.support.everyone.keyboard import WINDOWS, Keyboard
from tests.support.everyone.places import OPEN, PLACES, go

pytestmark = pytest.mark.browser

# Open menus may cover the text.
CLOSE_AROUND = """() => {
  for (const each of document.querySelectorAll("details:not(main *)")) each.open = false;
}"""


FAINT = """
<style>
  body { background: white }
  a:focus { outline: 2px solid black }
  #pale:focus { outline-color: #eee }
  #none:focus { outline-style: none; color: red }
</style>
<p><a href="1">Dark</a></p> <p><a id="pale" href="2">Pale</a></p> <p><a id="none" href="3">None</a></p>
<p style="overflow: auto"><a id="cut" href="4" style="display: block">Cut</a></p>
"""


def test_an_outline_that_is_faint_or_cut_off_is_a_problem(page):
    page.set_content(FAINT)
    keyboard = Keyboard(page)
    assert keyboard.round_trip() == [4, 4]
    assert [problem.partition(" href")[0] for problem in keyboard.problems[:3]] == [
        'Not marked: <a id="pale"',
        'Not marked: <a id="none"',
        'Its outline is cut off: <a id="cut"',
    ]


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
