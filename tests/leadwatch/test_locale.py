"""The Spanish catalog is complete, and its compiled form is current."""

import ast
import gettext
import re
from pathlib import Path

import polib
import pytest

from tests.support import factories

ROOT = Path(__file__).parent.parent.parent
CATALOG = ROOT / "leadwatch" / "locale" / "es" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)\w")
APPS = ["leadwatch", "search", "timeline", "concerns", "home"]


def catalog():
    return polib.pofile(CATALOG / "django.po")


def test_every_message_is_translated():
    assert not catalog().untranslated_entries()
    assert not catalog().fuzzy_entries()


def test_the_compiled_catalog_is_current():
    with (CATALOG / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in catalog():
        if entry.msgid_plural:
            assert compiled.ngettext(entry.msgid, entry.msgid_plural, 2) == entry.msgstr_plural[1]
        elif entry.msgctxt:
            assert compiled.pgettext(entry.msgctxt, entry.msgid) == entry.msgstr
        else:
            assert compiled.gettext(entry.msgid) == entry.msgstr


def test_the_catalog_contains_every_string_of_code_and_templates():
    known = {entry.msgid for entry in catalog()}
    wanted = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") in {"_", "gettext"}
                    and node.args
                ):
                    wanted |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    for path in (ROOT / "templates").rglob("*.html"):
        # Django doubles percent signs of templates in its catalogs.
        wanted |= set(re.findall(r'{% translate "([^"]+)"', path.read_text().replace("%s", "%%s")))
    assert len(wanted) > 300
    assert not wanted - known


def test_placeholders_survive_translation():
    for entry in catalog():
        pairs = [(entry.msgid, entry.msgstr)]
        if entry.msgid_plural:
            pairs = zip((entry.msgid, entry.msgid_plural), entry.msgstr_plural.values(), strict=True)
        for said, translated in pairs:
            assert set(PLACEHOLDER.findall(translated)) == set(PLACEHOLDER.findall(said)), entry.msgid


@pytest.mark.django_db
def test_the_interface_is_spanish_under_es(client):
    factories.make_home()
    html = client.get("/es/search/?q=arresto").content.decode()
    assert '<html lang="es"' in html
    assert "Salir de esta página" in html
    assert "Exit this page" not in html
