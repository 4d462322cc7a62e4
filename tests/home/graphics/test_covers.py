import re
from itertools import pairwise

from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from home.graphics.cover_images import COLORS
from home.graphics.covers import SIDE, Cover

CSS = settings.BASE_DIR / "leadwatch" / "static" / "css"


def test_a_page_keeps_its_cover_and_no_other_page_has_it():
    keys = [f"eventpage:event-{number}" for number in range(3000)]
    covers = [str(Cover(key).paths) for key in keys]
    assert len(set(covers)) == len(keys)
    assert [str(Cover(key).paths) for key in keys] == covers


@given(st.text(max_size=300))
def test_any_key_gives_nine_squares_with_one_highlighted(key):
    cover = Cover(key)
    assert sum(tone == "lamp" for tone, _polygon in cover.polygons) == 1
    assert all(0 < x < SIDE and 0 < y < SIDE for _tone, polygon in cover.polygons for x, y in polygon)
    whole = [polygon for _tone, polygon in cover.polygons if area(polygon) == 36]
    assert len({tuple(polygon) for polygon in whole}) == 9


def area(polygon):
    corners = pairwise([*polygon, polygon[0]])
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in corners)) / 2


def test_the_stylesheet_and_the_image_know_each_tone():
    rules = (CSS / "components" / "cover.css").read_text()
    tones = {tone for number in range(50) for tone, _polygon in Cover(str(number)).polygons}
    assert all(f".cover-{tone} " in rules for tone in tones)
    assert tones <= COLORS.keys()


def test_the_image_has_the_colors_of_the_stylesheet():
    tokens = (CSS / "tokens.css").read_text()
    names = {"ground": "night-deep", "ink": "night-ink"}
    for tone, color in COLORS.items():
        found = re.search(rf"--{names.get(tone, tone)}: (?:light-dark\()?(#\w+)", tokens)
        assert found[1] == color, tone


def test_the_icons_have_the_colors_of_the_covers():
    folder = settings.BASE_DIR / "leadwatch" / "static" / "img"
    expected = {COLORS[tone] for tone in ("night", "leaf", "lamp")}
    assert set(re.findall(r'"(#\w{6})"', (folder / "favicon.svg").read_text())) == expected
    icon = Image.open(folder / "touch-icon.png").convert("RGB")
    # Edges between two colors are blended.
    common = sorted(icon.getcolors(), reverse=True)[:3]
    assert {"#{:02x}{:02x}{:02x}".format(*color) for _count, color in common} == expected


def test_a_cover_is_a_few_paths():
    assert max(len(Cover(str(number)).paths) for number in range(300)) <= 7
