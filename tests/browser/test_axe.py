"""
axe finds nothing, on any page, in any state, at any width, in any colors.

One window for each width goes to each place once and is asked again in every state and medium: as the page
comes, then with all that folds unfolded and with each thing that opens over the page, light, dark, in forced
colors and, at the width of a sheet of paper, in print.
"""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.contrast import too_faint
from tests.browser.places import OPEN, PLACES, WIDTHS, go, popovers, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colors": {"color_scheme": "dark", "forced_colors": "active"},
}
PAPER = {"print": {"media": "print", "color_scheme": "light"}}
PLAIN = {"media": "screen", "color_scheme": "light", "forced_colors": "none"}
WIDTH_OF_PAPER = 768

# All rules but those of level AAA: WCAG 2.2 AA, good practice, and what axe still tries out.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"]
RULES = {
    # That there is something hidden is no fault; it is opened.
    "hidden-content": False,
    # What a frame shows is a place of its own.
    "frame-tested": False,
}
# The page around a frame has the first heading.
RULES_IN_FRAMES = {"page-has-heading-one": False}
# Nothing is pressed on paper.
RULES_ON_PAPER = {"target-size": False}

# In forced colors Chromium answers what the letters would be filled with if they were not forced.
MEND_FORCED_COLORS = """() => {
  const ask = CSSStyleDeclaration.prototype.getPropertyValue;
  CSSStyleDeclaration.prototype.getPropertyValue = function (name) {
    return name === "-webkit-text-fill-color" ? "" : ask.call(this, name);
  };
}"""
RUN = """async options => {
  const { violations, incomplete } = await axe.run(document, { ...options, iframes: false });
  const brief = results => results.flatMap(({ id, nodes }) => nodes.map(node => [
    id, node.target.join(" "), [...node.any, ...node.all, ...node.none].map(each => each.message).join("; "),
  ]));
  return [brief(violations), brief(incomplete)];
}"""


def findings(page, *rules):
    """What axe finds, with what it leaves undecided, unless a look at the pixels says that it is well."""
    rules = {rule: {"enabled": is_on} for each in (RULES, *rules) for rule, is_on in each.items()}
    found, undecided = page.evaluate(RUN, {"runOnly": TAGS, "rules": rules})
    found += [each for each in undecided if each[0] != "color-contrast"]
    texts = [selector for rule, selector, _message in undecided if rule == "color-contrast"]
    if texts and not page.evaluate("matchMedia('(forced-colors: active)').matches"):
        found += [["color-contrast", *each] for each in too_faint(page, texts).items()]
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_nothing_is_too_wide(browser, everything, width, subtests):
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    screens = SCREENS | (PAPER if width == WIDTH_OF_PAPER else {})
    opened_before = set()
    for name, where in PLACES.items():
        rules = RULES_IN_FRAMES if name.startswith("embed") else {}
        page.emulate_media(**PLAIN)
        go(page, everything, where)
        page.evaluate(AXE_SCRIPT)
        page.evaluate(MEND_FORCED_COLORS)
        if page.locator("details").count():
            with subtests.test(place=name, state="as it comes"):
                assert findings(page, rules) == []
                assert not too_wide(page)
        page.evaluate(OPEN)
        for screen, media in screens.items():
            page.emulate_media(**PLAIN | media)
            with subtests.test(place=name, state="opened", screen=screen):
                assert findings(page, rules, RULES_ON_PAPER if screen in PAPER else {}) == []
                assert screen in PAPER or not too_wide(page)
        page.emulate_media(**PLAIN)
        for popover in popovers(page):
            # Most are part of every page.
            if popover.key in opened_before:
                continue
            opened_before.add(popover.key)
            popover.open()
            for screen, media in SCREENS.items():
                page.emulate_media(**PLAIN | media)
                with subtests.test(place=name, state=popover.key, screen=screen):
                    assert findings(page, rules) == []
                    assert not too_wide(page)
            page.emulate_media(**PLAIN)
            popover.close()
    context.close()
