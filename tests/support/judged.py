"""Run the queries of judged.yaml on the real content, and find the rank of the expected results."""

from pathlib import Path
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup
from wagtail.models import Locale
from wagtail.rich_text import RichText

from concerns.models import ConcernPage, ConcernSource
from home.models import DocumentPage, HomePage, StandardPage
from leadwatch.starter_content.loader import load_starter_content
from tests.support import factories
from timeline.models import EventCategory, EventPage, EventSource

ENGLISH, FILES, SPANISH_PAGES, SPANISH = yaml.safe_load_all(Path(__file__).with_suffix(".yaml").read_text())
QUERIES = [{"path": "/search/"} | query for query in ENGLISH]
QUERIES += [{"path": "/es/search/"} | query for query in SPANISH]

# Queries of the Spanish starter content.
SPANISH_CONTENT = [
    {"path": "/es/search/"} | query
    for query in yaml.safe_load(Path(__file__).with_name("judged_spanish.yaml").read_text())
]


def make_site():
    """Create the starter content with two files, and some pages in Spanish."""
    load_starter_content()
    for slug, file in FILES["files"].items():
        pages = file["pages"]
        content = (
            factories.pdf_file(pages, name=file["name"]).read()
            if file["name"].endswith("pdf")
            else "\n".join(pages).encode()
        )
        record = DocumentPage.objects.get(slug=slug)
        record.file = factories.make_file(file["name"], content, title=file["name"])
        record.save_revision().publish()
    make_spanish_pages(SPANISH_PAGES["spanish"])


def make_spanish_pages(pages):
    spanish = Locale.objects.get(language_code="es")
    home = HomePage.objects.get()
    parents = {
        "standard": home,
        "concern": home.get_children().get(slug="concerns"),
        "event": home.get_children().get(slug="timeline"),
    }
    translated = {}
    for kind, parent in parents.items():
        page = parent.specific.copy_for_translation(spanish)
        page.save_revision().publish()
        translated[kind] = page
    category = EventCategory.objects.first().copy_for_translation(spanish)
    category.save()
    details = {
        "standard": lambda page: {},
        "concern": lambda page: {"sources": [ConcernSource(title="Sitio de observación")]},
        "event": lambda page: {
            "sources": [EventSource(title="Sitio de observación")],
            "date": page["date"],
            "category": category,
        },
    }
    models = {"standard": StandardPage, "concern": ConcernPage, "event": EventPage}
    for page in pages:
        kind = page["type"]
        factories.make_page(
            models[kind],
            translated[kind],
            locale=spanish,
            body=[("text", RichText(f"<p>{page['body']}</p>"))],
            **{name: page[name] for name in ("slug", "title", "summary")},
            **details[kind](page),
        )


def addresses(client, query):
    """Return the URLs on the first page of results, in order."""
    html = client.get(query["path"], {"q": query["query"]}).content
    return [item.a["href"] for item in BeautifulSoup(html, "html.parser").select("[data-result]")]


def rank(query, found):
    """Return the rank of the first expected result, starting at 1, or None if it is not on the first page."""
    for place, address in enumerate(found, start=1):
        if any(is_at(address, expected) for expected in query["expect"]):
            return place
    return None


def is_at(address, expected):
    # Ignore the fragment of an event's URL.
    return address == expected or ("#" not in expected and urlsplit(address).path == expected)
