"""
axe finds no violations on any page, in any state, at any width, in any color scheme.

Each place is opened once, and its window then gets each width: no script of the public pages asks for it. axe
runs in every state (as loaded, with all details expanded, with each popover open) and medium (light, dark,
forced colors and, at the width of a sheet of paper, print). Where nothing but colors differs from the medium
before, only the rules about colors run again.
"""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from wagtail.models import Page

from tests.support.copies import ROOT
from tests.support.everyone.contrast import too_faint
from tests.support.everyone.places import AWKWARD, OPEN, PLACES, STICKING_OUT, WIDTHS, go, popovers

pytestmark = pytest.mark.browser

SCREENS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colors": {"color_scheme": "dark", "forced_colors": "active"},
}
PAPER = {"print": {"media": "print", "color_scheme": "light"}}
PLAIN = {"media": "screen", "color_scheme": "light", "forced_colors": "none"}
WIDTH_OF_PAPER = 768

# All rules except level AAA: WCAG 2.2 AA, best practices and experimental rules.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"]
# Hidden content is not a violation: we open it. The content of a frame is a place of its own.
LEFT_OUT = ("hidden-content", "frame-tested")
# The page around a frame has the first heading, and paper has no targets.
LEFT_OUT_IN_FRAMES, LEFT_OUT_ON_PAPER = ("page-has-heading-one",), ("target-size",)

# In forced colors, Chromium returns the fill color of text as if colors were not forced.
MEND_FORCED_COLORS = """() => {
  const ask = CSSStyleDeclaration.prototype.getPropertyValue;
  CSSStyleDeclaration.prototype.getPropertyValue = function (name) {
    return name === "-webkit-text-fill-color" ? "" : ask.call(this, name);
  };
}"""
# axe reads the same few colors thousands of times, which takes a third of its time.
REMEMBER_COLORS = """() => {
  const { prototype } = axe.commons.color.Color;
  const { parseString } = prototype;
  const known = new Map();
  prototype.parseString = function (text) {
    if (!known.has(text)) {
      const { r, g, b, alpha } = parseString.call(this, text);
      known.set(text, { r, g, b, alpha });
    }
    return Object.assign(this, known.get(text));
  };
}"""
MEDIUM = """() => [
  /\\/embed\\/$/.test(location.pathname),
  matchMedia("print").matches,
  matchMedia("(forced-colors: active)").matches,
]"""
# All but colors that a rule may depend on.
OUTLINE = """() => [...document.querySelectorAll("*")].map(element => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x, y, width, height, element.checkVisibility({ visibilityProperty: true, opacityProperty: true })];
}).join()"""
RUN = """async ({ onlyColors, ...options }) => {
  if (onlyColors) {
    const isChosen = ({ tags }) => options.runOnly.some(tag => tags.includes(tag));
    options.runOnly = axe.getRules(["cat.color"]).filter(isChosen).map(each => each.ruleId);
  }
  // axe describes only these results in full.
  const resultTypes = ["violations", "incomplete"];
  const { violations, incomplete } = await axe.run(document, { ...options, resultTypes, iframes: false });
  const brief = results => results.flatMap(({ id, nodes }) => nodes.map(node => [
    id, node.target.join(" "), [...node.any, ...node.all, ...node.none].map(each => each.message).join("; "),
  ]));
  return [brief(violations), brief(incomplete)];
}"""


def load_axe(page):
    page.evaluate(AXE_SCRIPT)
    page.evaluate(REMEMBER_COLORS)


def findings(page, outlines):
    """
    Return violations, and incomplete results unless a screenshot shows enough contrast.

    :param outlines: a set of those that the page has had since its content changed.
    """
    in_frame, on_paper, is_forced = page.evaluate(MEDIUM)
    left_out = LEFT_OUT + LEFT_OUT_IN_FRAMES * in_frame + LEFT_OUT_ON_PAPER * on_paper
    rules = {rule: {"enabled": False} for rule in left_out}
    outline = page.evaluate(OUTLINE)
    options = {"runOnly": TAGS, "rules": rules, "onlyColors": outline in outlines}
    outlines.add(outline)
    found, undecided = page.evaluate(RUN, options)
    found += [each for each in undecided if each[0] != "color-contrast"]
    texts = [selector for rule, selector, _message in undecided if rule == "color-contrast"]
    # Users choose forced colors themselves.
    if texts and not is_forced:
        found += [["color-contrast", *each] for each in too_faint(page, texts).items()]
    return found


def test_axe_finds_no_violations_and_nothing_is_too_wide(browser, everything, subtests):
    page = browser.new_page(reduced_motion="reduce")
    known = set()
    for name, where in PLACES.items():
        page.emulate_media(**PLAIN)
        go(page, everything, where)
        load_axe(page)
        page.evaluate(MEND_FORCED_COLORS)
        if page.locator("details").count():
            for width in widths(page):
                with subtests.test(place=name, state="as it comes", width=width):
                    assert findings(page, set()) == []
                    assert page.evaluate(STICKING_OUT) == []
        page.evaluate(OPEN)
        for width in widths(page):
            outlines = set()
            screens = SCREENS | (PAPER if width == WIDTH_OF_PAPER else {})
            for screen, media in screens.items():
                page.emulate_media(**PLAIN | media)
                with subtests.test(place=name, state="opened", screen=screen, width=width):
                    assert findings(page, outlines) == []
                    if screen not in PAPER:
                        assert page.evaluate(STICKING_OUT) == []
            look_at_popovers(page, subtests, known, place=name, width=width)


def test_scripts_of_pages_ask_for_no_width():
    """A page that is opened at a width would differ from one whose window gets that width."""
    scripts = [*(ROOT / "leadwatch" / "static" / "js").glob("*.js")]
    assert scripts
    asking = re.compile(r"matchMedia|[a-z]Width\b|Rect\(\)\.width\b")
    assert [script.name for script in scripts if asking.search(script.read_text())] == []


def widths(page):
    """Give the window each width in turn."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        yield width


def look_at_popovers(page, subtests, known, **where):
    """Open those that were not seen at this width. Most are the same on all pages."""
    page.emulate_media(**PLAIN)
    for popover in popovers(page):
        if (popover.key, where["width"]) in known:
            continue
        known.add((popover.key, where["width"]))
        page.emulate_media(**PLAIN)
        popover.open()
        outlines = set()
        for screen, media in SCREENS.items():
            page.emulate_media(**PLAIN | media)
            with subtests.test(state=popover.key, screen=screen, **where):
                assert findings(page, outlines) == []
                assert page.evaluate(STICKING_OUT) == []
        popover.close()


def test_axe_finds_no_violations_on_all_other_pages(browser, everything, subtests):
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": 900}, reduced_motion="reduce")
    alike = Page.objects.get(slug="crowd")
    others = Page.objects.live().filter(depth__gt=1).not_descendant_of(alike, inclusive=True)
    for where in {other.url for other in others} | {*AWKWARD.values()} - {*PLACES.values()}:
        go(page, everything, where)
        load_axe(page)
        page.evaluate(OPEN)
        with subtests.test(where):
            assert findings(page, set()) == []


@pytest.mark.parametrize(
    ("dark", "rule"),
    [
        ("p { color: gray; background: dimgray }", "color-contrast"),
        ("button { display: block }", "button-name"),
    ],
)
def test_what_is_wrong_only_in_the_dark_is_found(page, dark, rule):
    style = f"button {{ display: none }} @media (prefers-color-scheme: dark) {{ {dark} }}"
    body = "<main><h1>Title</h1><p>Words</p><button></button></main>"
    page.set_content(f"<!DOCTYPE html><html lang=en><title>Title</title><style>{style}</style>{body}")
    load_axe(page)
    outlines = set()
    page.emulate_media(**PLAIN)
    assert findings(page, outlines) == []
    page.emulate_media(**PLAIN | SCREENS["dark"])
    assert [found for found, *_more in findings(page, outlines)] == [rule]
    assert len(outlines) == (2 if rule == "button-name" else 1)
