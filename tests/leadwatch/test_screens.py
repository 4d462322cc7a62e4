"""The words of every screen of the admin that anybody but administrators reaches."""

import json

import pytest
from django.db import transaction
from wagtail.models import Page

from leadwatch.starter_content.loader import name_roots
from tests.support.permissions import table
from tests.support.permissions.addresses import CLOSED, every_address
from tests.support.permissions.world import World
from tests.support.words import foreign_words, words_on

pytestmark = pytest.mark.django_db

# Everybody but administrators, by their letters in the table.
READERS = "NCEM"
# Open to them, but no menu and no other screen of theirs leads there.
UNREACHED = ("reports/page-types-usage/", "workflows/task_chooser/", *CLOSED)


def screens():
    """Yield each screen once, with the first of the people who may open it."""
    may_open = {row.key: row.get for row in table.rows(table.read(table.FILE.read_text()))}
    seen = set()
    for address in every_address():
        letters = may_open.get(address.key) or may_open.get((address.path, ""), "")
        reader = next((each for each in READERS if each in letters), None)
        # The results of a list are on its screen, too, and exports are files.
        is_copy = address.name.endswith("results") or "export" in address.query
        if reader and not is_copy and address.path not in seen and not address.path.startswith(UNREACHED):
            seen.add(address.path)
            yield address, reader


def read(world, address, letter):
    """Return the words of a screen or dialog; none if the address has something else."""
    # Some views write when they are opened.
    with transaction.atomic():
        answer = world.client_of(letter).get(address.url(world, letter), address.query_for(world, letter))
        transaction.set_rollback(True)
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if answer.status_code != 200 or answer.streaming:
        return ""
    if kind == "application/json":
        found = json.loads(answer.content)
        return words_on(found.get("html") or "") if isinstance(found, dict) else ""
    return words_on(answer.text) if kind == "text/html" else ""


def test_no_screen_has_words_of_developers():
    world = World()
    name_roots()
    # Wagtail's page for a new site. The starter content has its own.
    Page.objects.filter(depth=2).exclude(pk=world.home.pk).delete()
    words = {address.path: read(world, address, letter) for address, letter in screens()}
    assert {path: found for path, each in words.items() if (found := foreign_words(each))} == {}
    assert sum(map(bool, words.values())) > 150


@pytest.mark.parametrize(
    "words",
    ["Choose a parent page", "by None", "1 pages", "home.eventpage", "On 2026-11-29", "Rejected", "{title}"],
)
def test_words_of_developers_are_found(words):
    assert foreign_words(words_on(f"<p title='{words}'>"))
    assert foreign_words(words_on(f"<h1>{words}</h1>"))
