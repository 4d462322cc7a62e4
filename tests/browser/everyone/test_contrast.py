"""Fields, controls and graphics have enough contrast (WCAG 1.4.11). axe checks the text."""

import pytest

from tests.support.everyone.contrast import COLORS, contrast
from tests.support.everyone.places import OPEN, PLACES, go

pytestmark = pytest.mark.browser

# Return the colors of each element, any of which may make it visible, and its background. Skip controls that
# the browser draws, such as checkboxes.
THINGS = """() => {
  COLORS
  const field = "input:not([type=hidden], [type=checkbox], [type=radio], [aria-hidden] *), select, textarea";
  const drawn = "figure svg[role=img] :is(rect, circle, polyline)";
  const things = [...document.querySelectorAll(`${field}, button, ${drawn}`)];
  return things.filter(each => each.checkVisibility()).map(each => {
    const style = getComputedStyle(each);
    const own = each instanceof SVGElement
      ? [style.fill, style.stroke].filter(text => text !== "none")
      : [style.borderTopWidth === "0px" ? "transparent" : style.borderTopColor, style.backgroundColor];
    return [each.outerHTML.replace(/\\s+/g, " ").slice(0, 120), own.map(color), behind(each)];
  });
}""".replace("COLORS", COLORS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fields_controls_and_graphics_have_enough_contrast(browser, everything, scheme, subtests):
    page = browser.new_page(color_scheme=scheme)
    seen = 0
    for name, where in PLACES.items():
        go(page, everything, where)
        page.evaluate(OPEN)
        with subtests.test(place=name):
            things = page.evaluate(THINGS)
            seen += len(things)
            ratios = {what: max(contrast(color, behind) for color in own) for what, own, behind in things}
            assert {what: round(ratio, 2) for what, ratio in ratios.items() if ratio < 3} == {}
    assert seen > 100
