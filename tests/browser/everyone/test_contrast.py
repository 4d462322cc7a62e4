"""What is filled in, pressed or drawn stands out from what is around it (WCAG 1.4.11); text is axe's."""

import pytest

from tests.support.everyone.contrast import COLORS, contrast
from tests.support.everyone.places import OPEN, PLACES, go

pytestmark = pytest.mark.browser

# Of each thing the colors, any of which may show where it is, and the one on which it stands. What a browser
# draws by itself, as the boxes to tick, is its own affair.
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
def test_what_is_filled_in_pressed_or_drawn_stands_out(browser, everything, scheme, subtests):
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
