"""Measure the contrast of text with what is painted behind it, in a screenshot instead of in styles."""

from io import BytesIO

from PIL import Image

# Functions that return a CSS color as four numbers, and the opaque background of an element.
COLORS = """
  const paint = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const color = text => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = text;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const behind = ({ parentElement }) => {
    const own = color(getComputedStyle(parentElement).backgroundColor);
    return own[3] === 255 || !parentElement.parentElement ? own.slice(0, 3) : behind(parentElement);
  };
"""

# Hide text and its underlines, but neither backgrounds nor shapes.
WITHOUT_LETTERS = """
*, *::before, *::after {
  -webkit-text-fill-color: transparent !important;
  text-decoration-color: transparent !important;
  text-shadow: none !important;
}
svg text { fill: transparent !important; stroke: none !important; }
"""
HIDE_LETTERS = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}"""
SHOW_LETTERS = "() => { document.adoptedStyleSheets.pop() }"

# Return an element's color, the required contrast, and the boxes of its lines of text that are neither
# covered nor scrolled out of view.
LINES = """element => {
  COLORS
  const style = getComputedStyle(element);
  const ink = color(element instanceof SVGElement ? style.fill : style.color);
  for (let each = element; each; each = each.parentElement) ink[3] *= getComputedStyle(each).opacity;
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  let [first, last] = [-Infinity, Infinity];
  for (let each = element.parentElement; each !== document.documentElement; each = each.parentElement) {
    if (getComputedStyle(each).overflowX === "visible") continue;
    const { left, right } = each.getBoundingClientRect();
    [first, last] = [Math.max(first, left), Math.min(last, right)];
  }
  const isOnTop = (x, y) => document.elementFromPoint(x, y)?.contains(element) ?? true;
  const lines = [];
  for (const node of element.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, right, top, bottom } of range.getClientRects()) {
      const [from, to] = [Math.max(left, first), Math.min(right, last)];
      if (to - from > 1 && isOnTop((from + to) / 2, (top + bottom) / 2))
        lines.push([from + scrollX, top + scrollY, to + scrollX, bottom + scrollY]);
    }
  }
  return { ink, least: isLarge ? 3 : 4.5, lines };
}""".replace("COLORS", COLORS)


def too_faint(page, selectors):
    """Return the elements whose text has less contrast than WCAG 1.4.3 requires, with the ratio."""
    texts = {selector: page.locator(selector).first.evaluate(LINES) for selector in selectors}
    page.evaluate(HIDE_LETTERS, WITHOUT_LETTERS)
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    page.evaluate(SHOW_LETTERS)
    found = {}
    for selector, text in texts.items():
        for box in text["lines"]:
            line = picture.crop(tuple(map(round, box)))
            # Ignore rare colors: lines that cross the text, and edges.
            area = line.width * line.height
            colors = [color for count, color in line.getcolors(area) or () if count > area / 10]
            ratio = min((contrast(text["ink"], color) for color in colors), default=21)
            if ratio < text["least"]:
                found[selector] = round(ratio, 2)
    return found


def contrast(color, behind):
    """Return the WCAG contrast ratio of an RGBA color to the opaque color behind it."""
    *color, alpha = color
    alpha /= 255
    painted = [alpha * own + (1 - alpha) * other for own, other in zip(color, behind, strict=True)]
    darker, lighter = sorted((luminance(painted), luminance(behind)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    parts = [part / 255 for part in color]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
