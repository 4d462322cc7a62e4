"""
Take screenshots of every type of page and of pages that are hard to lay out, for review on one page.

    make shots
    make shots ONLY=home,event

writes them and `index.html` to the folder `shots` in DATA_DIR. A name also selects names that extend it:
`event` selects `event-long`, but not `events`.
"""

import os
import sys
from itertools import groupby
from pathlib import Path

from PIL import Image

from tests.support.chromium import chromium
from tests.support.served import ROOT, ServedSite

FOLDER = Path(os.environ.get("DATA_DIR") or ROOT / "var") / "shots"
WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
# An A4 sheet without its margins of 2 cm, in CSS pixels.
PAPER = 643
VARIANTS = [*(f"{width}-{scheme}" for width in WIDTHS for scheme in SCHEMES), "print"]
# Crop screenshots at this height. It shows enough, and browsers can't draw much taller ones.
TALLEST = 15_000

# URLs by name, with the starter content ...
STARTER = {
    "home": "/",
    "overview": "/about/",
    "concerns": "/concerns/",
    "concern": "/concerns/not-diverted/",
    "timeline": "/timeline/",
    "timeline-filtered": "/timeline/?category=policy&category=community&year=2017-2019&order=newest",
    "timeline-nothing": "/timeline/?q=unicorn&year=1999",
    "timeline-axis": "/timeline/?layout=axis",
    "event": "/timeline/pilot-launches/",
    "documents": "/documents/",
    "document": "/documents/final-report/",
    "figures": "/figures/",
    "glossary": "/glossary/",
    "partners": "/partners/",
    "partner": "/partners/ghjp/",
    "contact": "/contact/",
    "contact-errors": "/contact/",
    "contact-thanks": "/contact/thanks/",
    "text": "/staying-safe/",
    "search": "/search/",
    "search-nothing": "/search/?q=unicorn",
    "search-one": "/search/?q=weather",
    "search-many": "/search/?q=lead",
    "search-suggestions": "/search/",
    "embed": "/timeline/embed/",
    "embed-compact": "/timeline/embed/?layout=compact",
    "embed-axis": "/timeline/embed/?layout=axis",
    "share": "/timeline/share/",
    "error-404": "/there-is-nothing-here/",
}
# ... with the pages that tests/support/awkward.py adds ...
AWKWARD = {
    "home-awkward": "/",
    "home-empty": "/es/",
    "concerns-awkward": "/awkward-concerns/",
    "concerns-empty": "/empty-concerns/",
    "concern-open": "/awkward-concerns/open/",
    "concern-improving": "/awkward-concerns/improving/",
    "concern-resolved": "/awkward-concerns/resolved/",
    "concern-long": "/awkward-concerns/long/",
    "concern-sources": "/awkward-concerns/sources/",
    "timeline-awkward": "/awkward/",
    "timeline-awkward-axis": "/awkward/?layout=axis",
    "timeline-crowd": "/crowd/",
    "timeline-crowd-axis": "/crowd/?layout=axis",
    "timeline-empty": "/empty-timeline/",
    "event-long": "/awkward/long/",
    "event-arabic": "/awkward/arabic/",
    "event-hebrew": "/awkward/hebrew/",
    "event-picture": "/awkward/picture/",
    "event-bare": "/awkward/bare/",
    "event-lost": "/awkward/lost/",
    "event-disputed": "/awkward/disputed/",
    "documents-awkward": "/awkward-documents/",
    "documents-empty": "/empty-documents/",
    "document-long": "/awkward-documents/long/",
    "document-bare": "/awkward-documents/bare/",
    "figures-awkward": "/figures/",
    "figures-empty": "/es/empty-figures/",
    "glossary-awkward": "/glossary/",
    "glossary-empty": "/es/empty-glossary/",
    "partners-awkward": "/awkward-partners/",
    "partners-empty": "/empty-partners/",
    "partner-long": "/awkward-partners/long/",
    "partner-arabic": "/awkward-partners/arabic/",
    "partner-hebrew": "/awkward-partners/hebrew/",
    "text-blocks": "/awkward-texts/blocks/",
    "text-long": "/awkward-texts/long/",
    "text-lost": "/awkward-texts/lost/",
    "search-crowd": "/search/?q=rehearsal",
    "search-long": "/search/?q=interneighborhoodcommunicationcoordination",
    "embed-awkward": "/awkward/embed/?layout=axis",
    "embed-empty": "/empty-timeline/embed/",
    "share-awkward": "/awkward/share/",
}
# ... and with a missing database.
BROKEN = {"error-503": "/search/?q=lead"}
STATUSES = {"error-404": 404, "error-503": 503}


def send_nothing(page):
    with page.expect_navigation():
        page.locator("main form.message-form button").click()


def begin_to_search(page):
    page.locator("main [type=search]").press_sequentially("le")
    page.locator("main [role=option]").first.wait_for()


# Actions before the screenshot.
ACTIONS = {"contact-errors": send_nothing, "search-suggestions": begin_to_search}


def main():
    only = tuple(sys.argv[1].split(",")) if sys.argv[1:] else ()
    starter, awkward, broken = (chosen(rows, only) for rows in (STARTER, AWKWARD, BROKEN))
    if not starter and not awkward and not broken:
        sys.exit(f"There is none of that name. There are: {', '.join(STARTER | AWKWARD | BROKEN)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ServedSite() as site, chromium() as browser:
        site.manage("load_starter_content", "--verbosity", "0")
        site.start()
        page = browser.new_page()
        take(page, site, starter)
        if awkward:
            site.fill("tests.support.awkward")
            take(page, site, awkward)
        if broken:
            (site.folder / "db.sqlite3").unlink()
            take(page, site, broken)
    index = FOLDER / "index.html"
    index.write_text(as_html())
    print(f"Look at {index}")


def chosen(rows, only):
    """Return the pages to show, selected by name or its beginning; all of them by default."""
    return {
        name: path
        for name, path in rows.items()
        if not only or any(name == word or name.startswith(f"{word}-") for word in only)
    }


def take(page, site, rows):
    for name, path in rows.items():
        page.emulate_media(media="screen", color_scheme="light")
        page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
        status = page.goto(site.url + path).status
        if status != STATUSES.get(name, 200):
            raise RuntimeError(f"{name}: {path} answers {status}.\n{site.log.read_text()}")
        if name in ACTIONS:
            ACTIONS[name](page)
        # Load lazy images, too.
        page.evaluate(
            """() => Promise.all([...document.images].map((image) => {
                image.loading = "eager";
                return image.decode().catch(() => null);
            }))"""
        )
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                shoot(page, name, f"{width}-{scheme}")
        page.emulate_media(media="print", color_scheme="light")
        page.set_viewport_size({"width": PAPER, "height": 900})
        shoot(page, name, "print")
        page.pdf(path=FOLDER / f"{name}.pdf", format="A4")


def shoot(page, name, variant):
    width, height = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)}
    page.screenshot(path=FOLDER / f"{name}-{variant}.png", full_page=True, clip=clip)


HTML = """<!DOCTYPE html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="color-scheme" content="light dark">
  <title>Every page and state</title>
  <style>
    body {{ margin: 1rem; font: 1rem/1.5 sans-serif; }}
    nav {{ display: flex; flex-wrap: wrap; gap: 0 1rem; }}
    table {{ width: 100%; table-layout: fixed; border-spacing: 0.5rem; }}
    th, td {{ vertical-align: top; text-align: start; overflow-wrap: anywhere; }}
    td a {{ display: block; max-height: 22rem; overflow: hidden; outline: 1px solid gray; }}
    img {{ width: 100%; height: auto; }}
    strong {{ color: light-dark(firebrick, salmon); }}
  </style>
  <h1>Every page and state</h1>
  <nav>{menu}</nav>
  {groups}
</html>
"""


def as_html():
    """Return an HTML page with all existing screenshots, including those of earlier runs: a row per page."""
    names = [name for name in STARTER | AWKWARD | BROKEN if (FOLDER / f"{name}-print.png").exists()]
    kinds = list(dict.fromkeys(map(kind_of, names)))
    names.sort(key=lambda name: kinds.index(kind_of(name)))
    groups = [group(kind, list(rows)) for kind, rows in groupby(names, kind_of)]
    return HTML.format(
        menu=" ".join(f'<a href="#{kind}">{kind}</a>' for kind in kinds), groups="\n".join(groups)
    )


def kind_of(name):
    return name.partition("-")[0]


def group(kind, names):
    head = "".join(f"<th>{variant}</th>" for variant in ["", *VARIANTS])
    rows = "\n".join(
        f'<tr><th>{name}<br><a href="{name}.pdf">PDF</a></th>'
        + "".join(f"<td>{cell(name, variant)}</td>" for variant in VARIANTS)
        + "</tr>"
        for name in names
    )
    return f'<h2 id="{kind}">{kind}</h2>\n<table><tr>{head}</tr>\n{rows}</table>'


def cell(name, variant):
    file = f"{name}-{variant}.png"
    with Image.open(FOLDER / file) as picture:
        width, height = picture.size
    meant = PAPER if variant == "print" else int(variant.partition("-")[0])
    note = f"<strong>too wide: {width}</strong>" if width > meant else ""
    size = f'width="{width}" height="{height}" loading="lazy"'
    return f'<a href="{file}"><img src="{file}" alt="{name}, {variant}" {size}></a>{note}'


if __name__ == "__main__":
    main()
