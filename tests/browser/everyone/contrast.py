"""How far letters stand out from what is painted behind them, where no reading of styles can tell."""

from io import BytesIO

from PIL import Image

# The letters and their lines vanish, and what is behind them stays; shapes keep their colors.
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

# Of an element: its color, how much it must stand out, and where on the page its lines of text are, save for
# what lies under something else or is scrolled out of sight.
LINES = """element => {
  const style = getComputedStyle(element);
  const paint = document.createElement("canvas").getContext("2d", { colorSpace: "srgb" });
  paint.fillStyle = element instanceof SVGElement ? style.fill : style.color;
  paint.fillRect(0, 0, 1, 1);
  const color = [...paint.getImageData(0, 0, 1, 1).data];
  for (let each = element; each; each = each.parentElement) color[3] *= getComputedStyle(each).opacity;
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  const isInSight = (x, y) => {
    const top = document.elementFromPoint(x, y);
    if (top && !top.contains(element)) return false;
    for (let each = element.parentElement; each !== document.documentElement; each = each.parentElement) {
      const { left, right } = each.getBoundingClientRect();
      if (getComputedStyle(each).overflowX !== "visible" && (x < left || x > right)) return false;
    }
    return true;
  };
  const lines = [];
  for (const node of element.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { x, y, width, height } of range.getClientRects())
      if (isInSight(x + width / 2, y + height / 2)) lines.push([x + scrollX, y + scrollY, width, height]);
  }
  return { color, least: isLarge ? 3 : 4.5, lines };
}"""


def too_faint(page, selectors):
    """Those elements whose text has less contrast than WCAG 1.4.3 wants, with the least that was found."""
    texts = {selector: page.locator(selector).first.evaluate(LINES) for selector in selectors}
    page.evaluate(HIDE_LETTERS, WITHOUT_LETTERS)
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    page.evaluate(SHOW_LETTERS)
    found = {}
    for selector, text in texts.items():
        for left, top, width, height in text["lines"]:
            line = picture.crop((round(left), round(top), round(left + width), round(top + height)))
            # Little of a color is a line that crosses the text, or the edge of something beside it.
            area = line.width * line.height
            colors = [color for count, color in line.getcolors(area) or () if count > area / 10]
            ratio = min((contrast(text["color"], color) for color in colors), default=21)
            if ratio < text["least"]:
                found[selector] = round(ratio, 2)
    return found


def contrast(color, behind):
    """The ratio of WCAG of a color of red, green, blue and alpha to the opaque one on which it is painted."""
    *color, alpha = color
    alpha /= 255
    painted = [alpha * own + (1 - alpha) * other for own, other in zip(color, behind, strict=True)]
    darker, lighter = sorted((luminance(painted), luminance(behind)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    parts = [part / 255 for part in color]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
