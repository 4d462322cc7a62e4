"""Nothing moves if the reader prefers reduced motion."""

import pytest

from tests.support.everyone.places import OPEN, PLACES, go, popovers

pytestmark = pytest.mark.browser

# Return running animations, elements with transitions, and whether scrolling is smooth.
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
# Return whether a page appears with a transition from the previous one.
WATCH = """
window.transition = new Promise(done => {
  addEventListener("pagereveal", event => done(event.viewTransition !== null));
});
"""


def test_nothing_moves_with_reduced_motion(browser, everything, subtests):
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


def test_pages_appear_without_transition_with_reduced_motion(browser, everything):
    page = browser.new_page(reduced_motion="reduce")
    page.add_init_script(WATCH)
    page.goto(everything)
    page.get_by_role("main").get_by_role("link").first.click()
    page.wait_for_url(lambda url: url != f"{everything}/")
    assert page.evaluate("window.transition") is False
