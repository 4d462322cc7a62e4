"""
Find quoted words on the image of a page, and in its text.

`home.files.contents.pages.draw_page` says what words and boxes are.
"""

import re
import unicodedata
from itertools import chain

# What stands for words that are left out.
LEFT_OUT = re.compile(r"\[?(?:…|\.\.\.)\]?")
# Around the quoted words, and the least width of what is shown, in thousandths of the width of the page.
MARGIN, LEAST = 18, 400


def boxes_of(words, quote):
    """Return the boxes of the first place where quoted words are, [] if they aren't all there, in order."""
    found = places_of([word for word, *_boxes in words], quote)
    return [box for index in found for box in words[index][1:]]


def places_of(pieces, quote):
    """
    Return the indices of the words, or of the letters, of which a quotation consists; [] if it isn't there.

    Only letters and digits count: quotation marks, hyphens and spaces may differ between a page and what
    is typed.
    """
    letters = [letters_of(piece) for piece in pieces]
    text = "".join(letters)
    # The index of the piece of each letter.
    owners = list(chain.from_iterable([index] * len(each) for index, each in enumerate(letters)))
    found, start = [], 0
    for part in filter(None, map(letters_of, LEFT_OUT.split(quote))):
        start = text.find(part, start)
        if start < 0:
            return []
        end = start + len(part)
        found += range(owners[start], owners[end - 1] + 1)
        start = end
    return list(dict.fromkeys(found))


def letters_of(text):
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in text if letter.isalnum())


def frame_of(boxes, height):
    """Return the left, the top, the width and the height of the part of a page that shows some boxes."""
    left = min(max(min(box[0] for box in boxes) - MARGIN, 0), 1000 - LEAST)
    top = max(min(box[1] for box in boxes) - MARGIN, 0)
    right = min(max(box[0] + box[2] for box in boxes) + MARGIN, 1000)
    bottom = min(max(box[1] + box[3] for box in boxes) + MARGIN, height)
    return left, top, max(right - left, LEAST), bottom - top
