"""The image that other sites show with a link: one that an editor chose, or a drawing of the cover."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from urllib.parse import urljoin

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from PIL import Image, ImageDraw, ImageFont

from home.consent.models import shown
from home.graphics.covers import SIDE, cover_of

WIDTH, HEIGHT = 1200, 630
# Drawn larger by this factor and then scaled down, for smooth edges.
SCALE = 2
MARGIN = 60
MAX_SIZE, MIN_SIZE, LINE_HEIGHT, MAX_LINES = 64, 40, 1.12, 6
NAME_SIZE = 30
TYPEFACE = files("font_source_serif_pro") / "files" / "SourceSerifPro-Semibold.ttf"
# The same as in tokens.css, in the light color scheme.
COLORS = {
    "night": "#12312b",
    "ground": "#1b423a",
    "elm": "#3c8d7b",
    "leaf": "#8fcdbb",
    "mist": "#dcece5",
    "lamp": "#f4ba3a",
    "ink": "#f3f7f3",
}


@dataclass
class SharedImage:
    """An image for other sites, with its alternative text, and its width and height in pixels."""

    url: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


class CoverMixin:
    """A page with a cover, and with an image that other sites show with its link."""

    @property
    def sharing_image(self):
        """The SiteImage that an editor chose to represent the page elsewhere, if visitors may see it."""
        return shown(self.social_image) or shown(self.listing_image)

    @property
    def patchwork(self):
        return cover_of(f"{self._meta.model_name}:{self.slug}")

    @property
    def cover(self):
        """The Cover at the top of the page, or None where a photograph is shown instead."""
        return self.patchwork

    @cached_property
    def shared_image(self):
        """The SharedImage that other sites show with the link, or None before the page is saved."""
        if self.sharing_image and self.sharing_image.is_open:
            [rendition] = self.sharing_image.made_for("sharing").values()
            if not rendition.is_lost:
                alt, _language = self.sharing_image.described(get_language())
                return SharedImage(rendition.full_url, alt, rendition.width, rendition.height)
        if not self.pk or not self.full_url:
            return None
        alt = gettext("A patchwork of nine squares, one of them lit: %(title)s") % {"title": self.title}
        return SharedImage(urljoin(self.full_url, reverse("cover", args=[self.pk])), alt)


def cover_image(cover, title, name):
    """
    Return a PNG of a Cover, as bytes, with the title of the page and the name of the site. Text is left out
    if the typeface lacks any of its letters.
    """
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), COLORS["night"])
    draw = ImageDraw.Draw(image)
    side = HEIGHT - 2 * MARGIN
    draw_polygons(draw, cover.polygons, (MARGIN, MARGIN), side)
    left, room = 2 * MARGIN + side, WIDTH - side - 3 * MARGIN
    if is_drawable(title):
        draw_title(draw, title, left, room)
    if is_drawable(name):
        place = (left * SCALE, (HEIGHT - MARGIN) * SCALE)
        draw.text(place, name, COLORS["leaf"], typeface(NAME_SIZE), anchor="ls")
    file = BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def draw_polygons(draw, polygons, corner, side):
    scale = side / SIDE
    for tone, polygon in polygons:
        points = [
            tuple(SCALE * (start + scale * at) for start, at in zip(corner, point, strict=True))
            for point in polygon
        ]
        draw.polygon(points, COLORS[tone])


def draw_title(draw, title, left, room):
    """Draw the title as large as fits. It is cut off if it doesn't fit in the smallest size."""
    size = next((size for size in range(MAX_SIZE, MIN_SIZE, -4) if fits(title, size, room)), MIN_SIZE)
    for number, line in enumerate(wrapped(title, size, room)[:MAX_LINES]):
        # Letters begin a quarter of the size below the top of their line.
        place = (left * SCALE, (MARGIN - size / 4 + number * size * LINE_HEIGHT) * SCALE)
        draw.text(place, line, COLORS["ink"], typeface(size), anchor="la")


def fits(text, size, room):
    lines = wrapped(text, size, room)
    return len(lines) <= MAX_LINES and all(width_of(line, size) <= room for line in lines)


def wrapped(text, size, room):
    """Wrap a text to a width. Only a single word can be wider."""
    lines = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def width_of(text, size):
    return typeface(size).getlength(text) / SCALE


@lru_cache(maxsize=16)
def typeface(size):
    """Return the typeface in a size, in pixels of the final image."""
    return ImageFont.truetype(BytesIO(TYPEFACE.read_bytes()), size * SCALE)


def is_drawable(text):
    """Return whether the typeface has all letters of a text."""
    missing = bytes(typeface(MIN_SIZE).getmask("\uffff"))
    return all(bytes(typeface(MIN_SIZE).getmask(letter)) != missing for letter in set("".join(text.split())))
