"""
At 200 % and 400 % zoom, and with increased text spacing (WCAG 1.4.4, 1.4.10, 1.4.12), nothing is lost: no
text is cut off or overlaps, and nobody has to scroll sideways.

For a page, a zoomed window is a smaller window.
"""

import pytest

from tests.support.everyone.places import AWKWARD, OPEN, PLACES, STICKING_OUT, go

pytestmark = pytest.mark.browser

WIDTHS = {"100 %": 1280, "200 %": 640, "400 %": 320}
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }
"""
SPACE = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}"""
UNSPACE = "() => { document.adoptedStyleSheets.pop() }"

LOST = """() => {
  // What is there for those who listen, and what is still folded.
  const isHidden = element => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return true;
    for (let each = element; each; each = each.parentElement) {
      if (getComputedStyle(each).clipPath !== "none") return true;
    }
    return false;
  };
  const brief = element => element.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  const lost = [];

  for (const element of document.body.querySelectorAll("*")) {
    const { overflowX, overflowY } = getComputedStyle(element);
    const cuts = overflow => overflow === "hidden" || overflow === "clip";
    const isCut = (cuts(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
      (cuts(overflowY) && element.scrollHeight > element.clientHeight + 1);
    if (isCut && element.innerText?.trim() && !isHidden(element)) lost.push(`Cut off: ${brief(element)}`);
  }

  // The middle of each line of text, which nothing else may touch, and each thing to press or fill in.
  // What lies over the page may cover it.
  const layer = element => {
    const isOver = element.matches("[popover], dialog, [role=listbox]") ||
      (element.closest("details") && /absolute|fixed/.test(getComputedStyle(element).position));
    return isOver || !element.parentElement ? element : layer(element.parentElement);
  };
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, option") || isHidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right, top, bottom, height } of range.getClientRects())
      lines.push({ element, left, right, top: top + height * 0.3, bottom: bottom - height * 0.3 });
  }
  const controls = [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter(element => getComputedStyle(element).display !== "inline" && !isHidden(element))
    .map(element => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { element, left, right, top, bottom };
    });
  const isApart = (one, other) => !one.contains(other) && !other.contains(one);
  const touches = (one, other) => one.left < other.right - 2 && other.left < one.right - 2 &&
    one.top < other.bottom - 2 && other.top < one.bottom - 2 && layer(one.element) === layer(other.element);
  lines.sort((one, other) => one.top - other.top);
  lines.forEach((line, place) => {
    for (let next = place + 1; next < lines.length && lines[next].top < line.bottom; next++)
      if (touches(line, lines[next]))
        lost.push(`Text on text: ${brief(line.element)} and ${brief(lines[next].element)}`);
    for (const control of controls)
      if (isApart(control.element, line.element) && touches(line, control))
        lost.push(`Text on a control: ${brief(line.element)} and ${brief(control.element)}`);
  });
  return lost;
}"""


def test_nothing_is_lost_with_zoom_or_text_spacing(browser, everything, subtests):
    page = browser.new_page(reduced_motion="reduce")
    for name, where in (PLACES | AWKWARD).items():
        go(page, everything, where)
        page.evaluate(OPEN)
        for enlarged, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 800})
            with subtests.test(place=name, enlarged=enlarged):
                assert page.evaluate(LOST) == []
                assert page.evaluate(STICKING_OUT) == []
            page.evaluate(SPACE, SPACED)
            with subtests.test(place=name, enlarged=enlarged, spaced=True):
                assert page.evaluate(LOST) == []
                assert page.evaluate(STICKING_OUT) == []
            page.evaluate(UNSPACE)
