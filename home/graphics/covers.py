"""
The cover of a page without an image: nine patchwork squares, like New Haven's original plan. The page's slug
determines the pattern. `components/cover.html` draws it; `cover_images.py` draws it for other sites.
"""

from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import groupby, permutations
from operator import itemgetter

# The side of a square, and the width of the street between two squares.
SQUARE, STREET = 6, 0.5
PITCH = SQUARE + STREET
# The side of a cover.
SIDE = 3 * SQUARE + 4 * STREET

# The patterns of a square, as polygons.
PATCHES = (
    [[(0, 0), (6, 0), (0, 6)]],
    [[(0, 0), (6, 0), (3, 3)], [(0, 6), (6, 6), (3, 3)]],
    [[(0, 0), (6, 0), (6, 2), (0, 2)], [(0, 4), (6, 4), (6, 6), (0, 6)]],
    [[(0, 0), (3, 0), (3, 3), (0, 3)], [(3, 3), (6, 3), (6, 6), (3, 6)]],
    [[(3, 0), (6, 3), (3, 6), (0, 3)]],
    [[(0, 3), (3, 0), (6, 3)], [(0, 6), (3, 3), (6, 6)]],
    [[(2, 2), (4, 2), (4, 4), (2, 4)]],
    [[(0, 0), (6, 0), (6, 2), (2, 2), (2, 6), (0, 6)]],
    [[(0, 0), (3, 0), (0, 3)], [(6, 3), (6, 6), (3, 6)]],
    [[(0, 0), (6, 0), (6, 6)], [(0, 3), (3, 6), (0, 6)]],
)
TONES = ("elm", "leaf", "mist")
DARK, LIGHT = "ground", "lamp"
# The squares around the middle, each a quarter turn after the one before.
CORNERS = ((0, 0), (2, 0), (2, 2), (0, 2))
EDGES = ((1, 0), (2, 1), (1, 2), (0, 1))
MIDDLE = (1, 1)


class Cover:
    """
    A pattern for the corners, one for the edges and one for the middle, each in another tone, and one
    highlighted square. The same key always gives the same cover.

    `polygons` are pairs of a tone and points, in a square whose side is SIDE.
    """

    view_box = f"0 0 {SIDE:g} {SIDE:g}"

    def __init__(self, key):
        choose = chooser(key)
        tones = list(permutations(TONES))[choose(6)]
        below, above = [], []
        for places, tone in zip((CORNERS, EDGES, (MIDDLE,)), tones, strict=True):
            patch, turns = PATCHES[choose(len(PATCHES))], choose(4)
            ground, pattern = (tone, DARK) if choose(3) == 0 else (DARK, tone)
            for turn, place in enumerate(places, start=turns):
                below.append((ground, square_at(*place)))
                above += [(pattern, moved(turned(polygon, turn), *place)) for polygon in patch]
        # Squares don't overlap, so polygons of a tone can be drawn together, as one path.
        by_tone = [sorted(layer, key=itemgetter(0)) for layer in (below, above)]
        self.polygons = [*by_tone[0], *by_tone[1], (LIGHT, square_at(choose(3), choose(3)))]

    @cached_property
    def paths(self):
        """Pairs of a tone and an SVG path, in drawing order."""
        runs = groupby(self.polygons, key=itemgetter(0))
        return [(tone, "".join(path_of(polygon) for _tone, polygon in run)) for tone, run in runs]


@lru_cache(maxsize=500)
def cover_of(key):
    """Return the Cover for a key. Drawing one takes as long as several queries."""
    return Cover(key)


def path_of(polygon):
    return "M" + " ".join(f"{x:g} {y:g}" for x, y in polygon) + "z"


def chooser(key):
    """Return a function that chooses a number below a limit by the next byte of the key's digest."""
    digest = iter(blake2b(key.encode(), digest_size=16).digest())
    return lambda limit: next(digest) % limit


def square_at(column, row):
    return moved([(0, 0), (SQUARE, 0), (SQUARE, SQUARE), (0, SQUARE)], column, row)


def turned(polygon, quarters):
    """Return the polygon, rotated around the middle of its square."""
    for _quarter in range(quarters % 4):
        polygon = [(SQUARE - y, x) for x, y in polygon]
    return polygon


def moved(polygon, column, row):
    return [(STREET + column * PITCH + x, STREET + row * PITCH + y) for x, y in polygon]
