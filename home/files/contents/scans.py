"""Read scanned pages with tesseract. Nothing here imports Django; it runs in the child process."""

import os
import shutil
import subprocess
import time
from io import BytesIO

# Only the first pages without text are read, and only the first images and characters of a page.
MAX_PAGES = 300
MAX_IMAGES = 20
MAX_CHARACTERS = 20_000
# A page at 300 dots per inch has 8 million pixels. Larger images are scaled down.
MAX_PIXELS = 16_000_000
# Seconds after which no other page is begun, and for one image.
TIME_LIMIT = 30
IMAGE_LIMIT = 40
# Those that are installed are used.
LANGUAGES = ("eng", "spa")


def program():
    """Return the path of tesseract, or None if it isn't installed."""
    return shutil.which("tesseract", path=os.defpath)


def read_scan(file, numbers, program):
    """
    Job: read scanned pages of a PDF.

    :param numbers: the indices of the pages.
    :param program: the path of tesseract.
    :returns: the texts of as many of these pages as were read within the time. A page that cannot be read has
        no text.
    """
    from pypdf import PdfReader

    end = time.monotonic() + TIME_LIMIT
    command = [program, "stdin", "stdout", *languages(program)]
    pages = PdfReader(file).pages
    texts = []
    for number in numbers:
        texts.append(text_of(pages[number], command, end + IMAGE_LIMIT))
        if time.monotonic() > end:
            break
    return texts


def languages(program):
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=IMAGE_LIMIT)
    found = [name for name in LANGUAGES if name in listed.stdout.split()]
    return ["-l", "+".join(found)] if found else []


def text_of(page, command, end):
    texts = []
    for number in range(min(len(page.images), MAX_IMAGES)):
        try:
            image = page.images[number].image
            texts.append(words_in(image, page.rotation, command, end - time.monotonic()))
        except Exception:  # The libraries raise anything. The other images may be fine.
            continue
    return "\n".join(texts)[:MAX_CHARACTERS]


def words_in(image, rotation, command, seconds):
    # Tesseract gets pixels that were written here, not the file's own bytes.
    gray, content = image.convert("L"), BytesIO()
    scale = (MAX_PIXELS / (gray.width * gray.height)) ** 0.5
    if scale < 1:
        gray.thumbnail((int(gray.width * scale), int(gray.height * scale)))
    gray.rotate(-rotation, expand=True).save(content, "PPM")
    done = subprocess.run(
        command,
        input=content.getvalue(),
        capture_output=True,
        timeout=max(seconds, 1),
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        check=True,
    )
    return done.stdout.decode(errors="replace")
