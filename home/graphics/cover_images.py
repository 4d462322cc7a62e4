"""The image that other sites show with a link: one that an editor chose, or a drawing of the cover."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from urllib.parse import urljoin

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFont

from home.graphics.covers import SIDE, Cover

__all__ = ["COLORS", "HEIGHT", "WIDTH", "CoverMixin", "cover_picture"]

WIDTH, HEIGHT = 1200, 630
# Drawn larger by this and then made smaller, so that slanting edges are smooth.
FINER = 2
MARGIN = 60
LARGEST, SMALLEST, LINE, MOST_LINES = 64, 40, 1.12, 6
NAME_SIZE = 30
TYPEFACE = files("font_source_serif_pro") / "files" / "SourceSerifPro-Semibold.ttf"
# As in tokens.css, where the scheme is light.
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
        """The SiteImage that an editor chose to represent the page elsewhere, or None."""
        return self.social_image or self.listing_image

    @property
    def patchwork(self):
        """The page's own Cover."""
        return Cover(f"{self._meta.model_name}:{self.slug}")

    @property
    def cover(self):
        """The Cover at the top of the page, or None where a photograph is shown instead."""
        return self.patchwork

    @cached_property
    def shared_image(self):
        """The SharedImage that other sites show with the link, or None before the page is saved."""
        if self.sharing_image and self.sharing_image.is_open:
            rendition = self.sharing_image.get_rendition(f"fill-{WIDTH}x{HEIGHT}|format-jpeg")
            if not rendition.is_lost:
                alt = self.sharing_image.default_alt_text
                return SharedImage(rendition.full_url, alt, rendition.width, rendition.height)
        if not self.pk or not self.full_url:
            return None
        alt = gettext("A patchwork of nine squares, one of them lit: %(title)s") % {"title": self.title}
        return SharedImage(urljoin(self.full_url, reverse("cover", args=[self.pk])), alt)


def cover_picture(cover, title, name):
    """
    :param cover: a Cover.
    :param title: of the page; left out where it has letters that the picture's typeface has not.
    :param name: of the site.
    :returns: a PNG of WIDTH by HEIGHT pixels, as bytes.
    """
    picture = Image.new("RGB", (WIDTH * FINER, HEIGHT * FINER), COLORS["night"])
    draw = ImageDraw.Draw(picture)
    side = HEIGHT - 2 * MARGIN
    draw_polygons(draw, cover.polygons, (MARGIN, MARGIN), side)
    left, room = 2 * MARGIN + side, WIDTH - side - 3 * MARGIN
    if is_drawable(title):
        draw_title(draw, title, left, room)
    bottom = HEIGHT - MARGIN
    if is_drawable(name):
        place = (left * FINER, bottom * FINER)
        draw.text(place, name, COLORS["leaf"], typeface(NAME_SIZE), anchor="ls")
    smooth = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    file = BytesIO()
    smooth.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def draw_polygons(draw, polygons, corner, side):
    scale = side / SIDE
    for tone, polygon in polygons:
        points = [
            tuple(FINER * (start + scale * at) for start, at in zip(corner, point, strict=True))
            for point in polygon
        ]
        draw.polygon(points, COLORS[tone])


def draw_title(draw, title, left, room):
    """As large as the room allows; what has none in the smallest size is cut off."""
    size = next((size for size in range(LARGEST, SMALLEST, -4) if has_room(title, size, room)), SMALLEST)
    for number, line in enumerate(lines_of(title, size, room)[:MOST_LINES]):
        # The letters of a line begin a quarter below its top.
        place = (left * FINER, (MARGIN - size / 4 + number * size * LINE) * FINER)
        draw.text(place, line, COLORS["ink"], typeface(size), anchor="la")


def has_room(text, size, room):
    lines = lines_of(text, size, room)
    return len(lines) <= MOST_LINES and all(width_of(line, size) <= room for line in lines)


def lines_of(text, size, room):
    """The words in lines that are no wider than the room, but for a word that is."""
    lines = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def width_of(text, size):
    return typeface(size).getlength(text) / FINER


@cache
def typeface(size):
    """Of so many pixels of the picture."""
    return ImageFont.truetype(BytesIO(TYPEFACE.read_bytes()), size * FINER)


def is_drawable(text):
    """Whether the typeface has all letters of a text."""
    missing = bytes(typeface(SMALLEST).getmask("\uffff"))
    return all(bytes(typeface(SMALLEST).getmask(letter)) != missing for letter in set("".join(text.split())))
