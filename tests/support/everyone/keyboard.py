"""
A user with only a keyboard.

At each stop, the focused element must be in the window and not covered (WCAG 2.4.11). Its focus must be
visible (2.4.7) by an outline with enough contrast (1.4.11).
"""

import re

from tests.support.everyone.contrast import COLORS, contrast

# The first is 1280 by 1024 px at 400 % zoom, where the focused element is most likely to be covered.
WINDOWS = {"enlarged": {"width": 320, "height": 256}, "desk": {"width": 1440, "height": 900}}
# More stops than any page has.
FOREVER = 500

# Describe an element that has the focus, or that is marked as if it had.
LOOK = """element => {
  COLORS
  const inside = box => {
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    return { left, right, top, bottom, width: right - left, height: bottom - top };
  };
  // What is too large, or may be scrolled by itself, must be seen in part; all else must be seen as a whole.
  const isLarge = box =>
    box.height > innerHeight / 3 || box.width > innerWidth || element.matches("textarea, svg *");
  const isSeen = box => {
    const seen = inside(box);
    const least = isLarge(box) ? 24 : Infinity;
    return seen.width > Math.min(box.width, least) - 1 && seen.height > Math.min(box.height, least) - 1;
  };
  const boxes = [...element.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
  const covers = boxes.filter(isSeen).map(box => {
    const { left, right, top, bottom } = inside(box);
    const points = [left + 1, (left + right) / 2, right - 1]
      .flatMap(x => [top + 1, (top + bottom) / 2, bottom - 1].map(y => [x, y]));
    const over = points.map(point => document.elementFromPoint(...point))
      .filter(top => top && !element.contains(top) && !top.contains(element));
    return over.length > (isLarge(box) ? points.length - 1 : 0) ? over[0].outerHTML.slice(0, 120) : "";
  });
  const style = getComputedStyle(element);
  const { x, y, width, height } = element.getBoundingClientRect();
  // How many sides of the outline a box cuts off that scrolls or hides what is outside it.
  const around = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth) - 0.5;
  const sidesCutBy = parent => {
    const { left, top, right, bottom } = parent.getBoundingClientRect();
    const across = [x - around < left, x + width + around > right];
    const upright = [y - around < top, y + height + around > bottom];
    return [...across, ...upright].filter(Boolean).length;
  };
  const cuts = parent => getComputedStyle(parent).overflowX !== "visible" && sidesCutBy(parent) > 1;
  const isCutIn = parent => parent !== document.body && (cuts(parent) || isCutIn(parent.parentElement));
  return {
    what: element.outerHTML.slice(0, 160),
    isSeen: covers.length > 0,
    cover: covers.every(Boolean) ? covers[0] : "",
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    outlineColor: color(style.outlineColor),
    behind: behind(element),
    isCut: element !== document.body && isCutIn(element.parentElement),
    box: [x, y, width, height],
  };
}""".replace("COLORS", COLORS)
# Return null at the end of the page and at elements that were visited before. Otherwise describe the focused
# element, unless it is a frame, since all stops in a frame are the frame.
STOP = """() => {
  const element = document.activeElement;
  window.passed ??= new Set();
  if (element === document.body || (window.passed.has(element) && element !== window.last)) return null;
  window.passed.add(element);
  window.last = element;
  return element.matches("iframe, [tabindex='-1']") ? {} : (LOOK)(element);
}""".replace("LOOK", LOOK)

# Start over: the next stop is the first one.
START = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""


class Keyboard:
    """A user with only a keyboard; `problems` lists the stops at which the focus was not visible."""

    def __init__(self, page):
        self.page = page
        self.problems = []

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def stop(self, key="Tab"):
        """Go to the next stop. Return whether there was one."""
        self.press(key)
        seen = self.page.evaluate(STOP)
        if seen:
            self.judge(seen)
        return seen is not None

    def round_trip(self):
        """Go through a whole page and back. Return both numbers of stops."""
        counts = []
        self.page.evaluate(START)
        for key in ("Tab", "Shift+Tab"):
            self.page.evaluate("() => { window.passed = new Set() }")
            counts.append(next(count for count in range(FOREVER) if not self.stop(key)))
        return counts

    def look(self, element):
        """Look at an element that is marked as if it had the focus."""
        self.judge(element.evaluate(LOOK))

    def judge(self, seen):
        if not seen["isSeen"]:
            self.problems.append(f"Out of sight at {seen['box']}: {seen['what']}")
        elif seen["cover"]:
            self.problems.append(f"Covered by {seen['cover']}: {seen['what']}")
        elif seen["outline"] < 2 or contrast(seen["outlineColor"], seen["behind"]) < 3:
            self.problems.append(f"Not marked: {seen['what']}")
        elif seen["isCut"]:
            self.problems.append(f"Its outline is cut off: {seen['what']}")

    def reach(self, wanted):
        """Press Tab until an element has the focus, once the page has loaded."""
        self.page.wait_for_load_state()
        for _press in range(FOREVER):
            self.stop()
            if wanted.and_(self.page.locator(":focus")).count():
                return
        raise AssertionError(f"Not reached: {wanted}")

    def reach_in_menu(self, name):
        """Press Tab to an item of the main menu; open the menu first if it is collapsed."""
        self.page.wait_for_load_state()
        menu = self.page.get_by_role("navigation", name="Main menu")
        if not menu.get_by_role("link").first.is_visible():
            self.reach(
                self.page.locator("button, summary").filter(has_text=re.compile("menu", re.IGNORECASE))
            )
            self.press("Enter")
        self.reach(menu.get_by_role("link", name=name, exact=True))
