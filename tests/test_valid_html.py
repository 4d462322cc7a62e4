"""Every page is valid HTML according to html-validate, which `make node` installs."""

import json
import re
import subprocess

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from wagtail.models import Locale

from home.blocks import BodyBlock
from leadwatch.views import server_error
from tests.support import factories
from tests.support.packages import FOLDER, needs
from tests.support.pages import PAGE_TYPES, fill_in
from tests.support.versions import date_back, publish_on

pytestmark = [pytest.mark.django_db, needs("html-validate")]

COMMAND = [FOLDER / ".bin" / "html-validate", "--config", FOLDER.parent / "htmlvalidate.mjs"]
# In a frame, headings continue those of the surrounding page.
IN_A_FRAME = {"rules": {"heading-level": ["error", {"minInitialRank": "any"}]}}
# URLs that are not in the page tree, and pages with query parameters.
ADDRESSES = [
    *("/none/", "/search/", "/search/?q=protest&kind=event&year=2000-2019", "/search/?q=protest&page=2"),
    *("/search/?q=protst", "/search/?q=nothing&year=x", "/es/search/?q=protest"),
    *("/timeline/?year=2017&q=protest&category=policy", "/timeline/?year=1999", "/timeline/?category=never"),
    *("/timeline/?layout=axis", "/timeline/?layout=axis&zoom=month&order=newest"),
    *("/timeline/share/", "/timeline/share/?layout=axis&accent=335577&event=x", "/contact/thanks/"),
    *("/timeline/embed/", "/timeline/embed/?layout=compact&heading=3&theme=dark&limit=1"),
    *("/timeline/embed/?layout=axis&heading=4&accent=335577", "/timeline/embed/?year=1999&theme=pink"),
    *("/timeline/embed/?lang=es", "/timeline/embed/?lang=es&layout=axis"),
]
OF_VERSIONS = ("history/", "history/2026-11-20/", "?at=2026-11-01", "cite/")
INVALID = """<!DOCTYPE html>
<html lang="en"><head><title>A page</title></head><body>
<h1 id="twice">First</h1><h3 id="twice">Third</h3><label for="nothing">Words</label><input type="text">
<nav></nav><nav></nav><p align="left" style="color: red">A<div>B</div></p><thing></thing>
</body></html>"""


@pytest.fixture
def pages(client, neighbors):
    """Return the responses that a visitor can see, by name."""
    for year in range(2000, 2021):
        factories.make_event(title=f"Protest of {year}", date=str(year))
    factories.make_era()
    factories.make_image(credit="Jane Roe")
    made = {name: make().specific for name, (make, _budget) in PAGE_TYPES.items()}
    event = publish_on("2026-11-20", date_back("2026-11-01", made["event"]), summary="Other words.")
    of_versions = [event.url + rest for rest in OF_VERSIONS]
    addresses = [*ADDRESSES, *of_versions, *(page.url for page in made.values())]
    found = {address: client.get(address) for address in addresses}
    found["/contact/ with errors"] = client.post(f"/contact-message/{made['contact'].pk}/")
    found["/500/"] = answer_to(ValueError())
    found["/503/"] = answer_to(OperationalError())
    blocks = [(name, block.get_preview_value()) for name, block in BodyBlock().child_blocks.items()]
    with_all_blocks = factories.make_standard_page(body=blocks)
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    home = made["home"].copy_for_translation(spanish)
    home.live, home.alias_of = True, None
    home.save_revision().publish()
    for page in made.values():
        fill_in(page)
    for page in (*made.values(), with_all_blocks, home):
        found[f"{page.url} with everything"] = client.get(page.url)
    refused = {name for name, response in found.items() if response.status_code != 200}
    assert refused == {"/none/", "/500/", "/503/", "/contact/ with errors"}
    return {name: response.content.decode() for name, response in found.items()}


def file_name(address):
    return "-".join(["page", *re.findall(r"\w+", address)]) + ".html"


def answer_to(error):
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get("/"))


def test_every_page_is_valid(pages, tmp_path):
    (tmp_path / "embed").mkdir()
    (tmp_path / "embed" / ".htmlvalidate.json").write_text(json.dumps(IN_A_FRAME))
    for name, html in (pages | {"/invalid/": INVALID}).items():
        folder = tmp_path / "embed" if "/embed/" in name else tmp_path
        (folder / file_name(name)).write_text(html)
    assert len(list(tmp_path.rglob("*.html"))) == len(pages) + 1

    output = subprocess.run([*COMMAND, "--formatter", "text", tmp_path], capture_output=True, text=True)
    lines = output.stdout.replace(f"{tmp_path}/", "").splitlines()
    rules = {line: re.search(r"\[(.+?)\]", line)[1] for line in lines}
    of_invalid = {rule for line, rule in rules.items() if line.startswith("page-invalid.html")}
    assert of_invalid > {"heading-level", "no-dup-id", "no-missing-references", "unique-landmark"}
    found = {line: rule for line, rule in rules.items() if not line.startswith("page-invalid.html")}
    assert list(found) == []
