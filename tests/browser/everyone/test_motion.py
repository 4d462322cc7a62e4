"""Nothing moves where the reader asked for no motion."""

import pytest

from tests.support.everyone.places import OPEN, PLACES, go, popovers

pytestmark = pytest.mark.browser

# What would move now, what would move when it changes, and whether one is led through the page by scrolling.
MOVING = """() => {
  const moving = document.getAnimations().map(each => `${each.constructor.name} ${each.animationName ?? ""}`);
  const seconds = text => Math.max(...text.split(",").map(parseFloat));
  for (const element of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after", "::marker", "::backdrop", "::details-content"]) {
      const style = getComputedStyle(element, part);
      const what = `${element.tagName}.${element.getAttribute("class")}${part ?? ""}`;
      if (seconds(style.transitionDuration) > 0) moving.push(`transition: ${what}`);
      if (style.animationName !== "none") moving.push(`animation: ${what}`);
      if (style.scrollBehavior !== "auto") moving.push(`scrolling: ${what}`);
    }
  }
  return moving;
}"""
# Whether a page comes up by a transition from the one before.
WATCH = """
window.transition = new Promise(done => {
  addEventListener("pagereveal", event => done(event.viewTransition !== null));
});
"""


def test_nothing_moves_for_those_who_want_no_motion(browser, everything, subtests):
    page = browser.new_page(reduced_motion="reduce")
    for name, where in PLACES.items():
        with subtests.test(place=name):
            go(page, everything, where)
            page.evaluate(OPEN)
            page.keyboard.press("Tab")
            assert page.evaluate(MOVING) == []
            for popover in popovers(page):
                popover.open()
                assert page.evaluate(MOVING) == []
                popover.close()


def test_no_page_comes_up_by_a_transition_for_them(browser, everything):
    page = browser.new_page(reduced_motion="reduce")
    page.add_init_script(WATCH)
    page.goto(everything)
    page.get_by_role("main").get_by_role("link").first.click()
    page.wait_for_url(lambda url: url != f"{everything}/")
    assert page.evaluate("window.transition") is False
