"""Copy a page of another site with its styles and images, as robots.txt allows."""

import re
from dataclasses import dataclass
from io import BytesIO

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from home.copies.warc import Warc
from home.external_links.fetching import FetchError, Reason, Response
from home.external_links.visiting import Visit, reason_for
from home.files.child import JobFailed, run_job
from home.files.contents.web_pages import MAX_PARTS
from home.files.extraction import tidy

MEGABYTE = 1024 * 1024
# Seconds for one page with all that it needs.
TIME_LIMIT = 90
# Seconds between two requests to the same site. Browsers ask for all parts of a page at once.
PAUSE = 0.2
LARGEST_PAGE = 25 * MEGABYTE
# Of the page with its parts.
LARGEST = 30 * MEGABYTE
LARGEST_PART = 5 * MEGABYTE
# A page with fewer characters may need scripts to show its text.
BARE = 200
# Browsers take what has no type for HTML, too.
HTML = {"text/html", "application/xhtml+xml", ""}
READABLE = {"application/pdf": "pdf", "text/plain": "txt"}
CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""")


class Doubt(models.TextChoices):
    """Reasons to look at a copy before relying on it."""

    NONE = "", ""
    PAID = (
        "paid",
        _(
            "Its publisher says that it is for subscribers, so the copy may have only its beginning. If you "
            "can read it, save it as a PDF and upload that."
        ),
    )
    BARE = (
        "bare",
        _(
            "The copy has hardly any words. The page may need scripts, which we do not run. Save it as a PDF "
            "in your browser and upload that."
        ),
    )
    UNREADABLE = "unreadable", _("We could not read its words. The file is kept as it came.")
    PARTS = "parts", _("Some images or styles of the page could not be copied. Its words are there.")


@dataclass(frozen=True)
class Captured:
    page: Response
    content: bytes  # The WARC file.
    title: str
    text: str
    doubt: str


def capture(url):
    """
    Copy a page. No script is run, so what only a script would show is not in it.

    :raises FetchError: if the page can't be had.
    """
    visit, warc = Visit(TIME_LIMIT, PAUSE), Warc()
    page = visit.fetch(url, largest=LARGEST_PAGE)
    if reason := reason_for(page):
        raise FetchError(reason)
    if page.status != 200 or not page.content:
        raise FetchError(Reason.ERROR)
    warc.add(page)
    found, doubt = read(page)
    missing = add_parts(visit, warc, found["parts"], LARGEST - len(page.content))
    text = tidy(found["text"])
    if text:
        warc.add_text(page.url, text)
    return Captured(
        page=page,
        content=warc.content,
        title=Truncator(tidy(found["title"])).chars(255),
        text=text,
        doubt=doubt or (Doubt.PARTS if missing else Doubt.NONE),
    )


def read(page):
    """Return the title, text and parts of a page, in a child process, and the Doubt about it."""
    kind, charset = content_type(page)
    found = {"title": "", "text": "", "parts": []}
    try:
        if kind in HTML:
            found = run_job("web-page", BytesIO(page.content), url=page.url, charset=charset).answer
            doubt = Doubt.BARE if len(found["text"]) < BARE else Doubt.NONE
            return found, Doubt.PAID if found["is_paid"] else doubt
        if kind in READABLE:
            found["text"] = read_text(BytesIO(page.content), READABLE[kind])
    except JobFailed:
        return found, Doubt.UNREADABLE
    return found, Doubt.NONE


def read_text(file, extension):
    return "\n\n".join(run_job("text", file, extension=extension).answer)


def add_parts(visit, warc, addresses, room):
    """
    Add the parts of a page, and of its stylesheets, while there is time and room. Return how many lack.

    :param room: the bytes that they may have together.
    """
    waiting, seen, missing = list(addresses), set(addresses), 0
    while waiting:
        if visit.seconds_left() <= 0 or room <= 0:
            return missing + len(waiting)
        url = waiting.pop(0)
        try:
            part = visit.fetch(url, largest=min(LARGEST_PART, room))
        except FetchError:
            missing += 1
            continue
        if part.status != 200:
            missing += 1
            continue
        room -= len(part.content)
        warc.add(part)
        if content_type(part)[0] == "text/css":
            new = [each for each in parts_of_styles(part) if each not in seen]
            waiting += new[: max(MAX_PARTS - len(seen), 0)]
            seen.update(new)
    return missing


def parts_of_styles(part):
    try:
        return run_job("stylesheet", BytesIO(part.content), url=part.url).answer
    except JobFailed:
        return []


def content_type(response):
    """Return the media type that a site told, and the encoding or None."""
    value = response.headers.get("Content-Type", "").lower()
    charset = CHARSET.search(value)
    return re.split("[;,]", value)[0].strip(), charset and charset[1]
