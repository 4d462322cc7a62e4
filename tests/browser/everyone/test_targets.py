"""Targets are at least 24 by 24 px, or far enough from others (WCAG 2.5.8)."""

import pytest

from tests.support.everyone.places import AWKWARD, OPEN, PLACES, go, popovers

pytestmark = pytest.mark.browser

# Return targets that are too small and too close to others. Links in a sentence are as high as their line.
TOO_SMALL = """() => {
  const LEAST = 24;
  const WHAT = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option]";
  const isPressed = element => element.checkVisibility({ visibilityProperty: true }) &&
    getComputedStyle(element).clipPath === "none" && element.getAttribute("tabindex") !== "-1";
  const isInSentence = element => {
    if (getComputedStyle(element).display !== "inline" || element instanceof SVGElement) return false;
    let block = element.parentElement;
    while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
    const rest = block.cloneNode(true);
    for (const each of rest.querySelectorAll("a, button")) each.remove();
    return /\\w/.test(rest.textContent);
  };
  // A label is pressed as well as what it names, and of a drawing the strokes are.
  const SHAPES = "line, rect, circle, path, text";
  const partsOf = element => element instanceof SVGElement
    ? [...element.querySelectorAll(SHAPES)]
    : [element, ...(element.labels ?? [])];
  const area = element => {
    const boxes = partsOf(element).map(part => {
      const { left, right, top, bottom } = part.getBoundingClientRect();
      const { stroke, strokeWidth } = getComputedStyle(part);
      const more = part.matches(SHAPES) && stroke !== "none" ? parseFloat(strokeWidth) / 2 : 0;
      return [left - more, right + more, top - more, bottom + more];
    });
    const [left, top] = [0, 2].map(side => Math.min(...boxes.map(box => box[side])));
    const [right, bottom] = [1, 3].map(side => Math.max(...boxes.map(box => box[side])));
    return { left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2 };
  };
  const targets = [...document.querySelectorAll(WHAT)].filter(isPressed).map(element => {
    const { left, right, top, bottom, x, y } = area(element);
    const isSmall = right - left < LEAST - 0.01 || bottom - top < LEAST - 0.01;
    const what = `${element.outerHTML.replace(/\\s+/g, " ").slice(0, 100)} ${right - left}x${bottom - top}`;
    return { element, left, right, top, bottom, x, y, isSmall, what };
  });
  // Whether a circle around the middle of one meets another, or the circle of that.
  const meets = ({ x, y }, other) => {
    const across = Math.max(other.left - x, 0, x - other.right);
    const down = Math.max(other.top - y, 0, y - other.bottom);
    return Math.hypot(across, down) < LEAST / 2 ||
      (other.isSmall && Math.hypot(x - other.x, y - other.y) < LEAST);
  };
  return targets
    .filter(({ element, isSmall }) => isSmall && !isInSentence(element))
    .flatMap(target => {
      const near = targets.find(other => other !== target && meets(target, other));
      return near ? [`${target.what} is near ${near.what}`] : [];
    });
}"""


@pytest.mark.parametrize("width", [320, 1440])
def test_targets_are_large_or_far_from_others(browser, everything, width, subtests):
    page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    for name, where in (PLACES | AWKWARD).items():
        with subtests.test(place=name):
            go(page, everything, where)
            page.evaluate(OPEN)
            assert page.evaluate(TOO_SMALL) == []
            for popover in popovers(page):
                popover.open()
                assert page.evaluate(TOO_SMALL) == []
                popover.close()
