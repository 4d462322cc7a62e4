"""Draw the pages of a PDF with PDFium. Nothing here imports Django; it runs in the child process."""

import unicodedata
from io import BytesIO

# Only the first pages are drawn, as only their text is read.
MAX_PAGES = 2_000
# Pixels of the larger of the two images of a page. The other one is half as wide. A page that is much taller
# than wide is scaled to the height instead.
WIDTH, MAX_HEIGHT = 1600, 3200
# Only so many characters of a page, and of a word, have places.
MAX_CHARACTERS, MAX_WORD = 20_000, 60
# Places are in thousandths of the width of the page.
UNIT = 1000


def count_pages(file):
    """Job: return the number of pages, MAX_PAGES at most. Fails if the PDF is damaged or has a password."""
    from pypdfium2 import PdfDocument

    return min(len(PdfDocument(file)), MAX_PAGES)


def draw_page(file, index):
    """
    Job: draw a page.

    :returns: a dictionary and the content of two images, one after the other. Its "size" is that of the first
        image, its "length" the number of bytes of that, and its "words" those of the page in order, each as a
        list of its text and its boxes: one, or one for each line if it is divided. A box is a list of left,
        top, width and height.
    """
    from pypdfium2 import PdfDocument

    document = PdfDocument(file)
    # Otherwise, what was filled into a form is not drawn. This comes before the pages.
    document.init_forms()
    page = document[index]
    width, height = page.get_size()
    scale = min(WIDTH / width, MAX_HEIGHT / height)
    image = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
    half = image.resize((max(image.width // 2, 1), max(image.height // 2, 1)), reducing_gap=2)
    first, second = smallest(image), smallest(half)
    facts = {"size": image.size, "length": len(first), "words": words_of(page)}
    return facts, first + second


def smallest(image):
    """Return an image as WebP: lossless, which is sharper and smaller for print, or not, for photos."""
    contents = []
    for options in {"lossless": True}, {"quality": 80}:
        content = BytesIO()
        image.save(content, "WEBP", **options)
        contents.append(content.getvalue())
    return min(contents, key=len)


def words_of(page):
    """Return the words of a page with their boxes."""
    from pypdfium2.raw import FPDFText_GetUnicode

    text = page.get_textpage()
    convert = converter(page)
    words, letters, boxes = [], "", []
    for index in range(min(text.count_chars(), MAX_CHARACTERS)):
        letter = chr(FPDFText_GetUnicode(text, index))
        if letter.isspace() or len(letters) >= MAX_WORD:
            words.append((letters, boxes))
            letters, boxes = "", []
        # PDFium has a control character for the hyphen in a word that is divided at the end of a line.
        elif letter.isprintable() and unicodedata.category(letter) not in ("Co", "Cn"):
            letters += letter
            join(boxes, convert(text.get_charbox(index, loose=True)))
    words.append((letters, boxes))
    return [
        [unicodedata.normalize("NFKC", letters), *(as_place(*box) for box in boxes)]
        for letters, boxes in words
        if letters and boxes
    ]


def converter(page):
    """Return a function that turns a box on a page into one on its image, which may be rotated or cut."""
    from ctypes import byref, c_int

    from pypdfium2.raw import FPDF_PageToDevice

    width, height = page.get_size()
    size = UNIT, round(UNIT * height / width)
    x, y = c_int(), c_int()

    def point(left, top):
        FPDF_PageToDevice(page, 0, 0, *size, 0, left, top, byref(x), byref(y))
        # What is outside of the page is not on the image.
        return min(max(x.value, 0), size[0]), min(max(y.value, 0), size[1])

    def convert(box):
        xs, ys = zip(point(*box[:2]), point(*box[2:]), strict=True)
        return [min(xs), min(ys), max(xs), max(ys)]

    return convert


def join(boxes, new):
    """Add the box of a letter to those of its word: to the last one if it is on the same line."""
    left, top, right, bottom = new
    if left == right or top == bottom:
        return
    last = boxes[-1] if boxes else None
    if last and top < last[3] and bottom > last[1]:
        last[:] = min(last[0], left), min(last[1], top), max(last[2], right), max(last[3], bottom)
    else:
        boxes.append(new)


def as_place(left, top, right, bottom):
    return [left, top, right - left, bottom - top]
