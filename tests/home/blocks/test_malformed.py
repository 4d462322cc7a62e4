"""Malformed JSON of each type of block breaks no page: what cannot be shown is skipped and logged."""

import json
import logging

import pytest
from django.db import connection
from wagtail import blocks

from home.blocks import BodyBlock
from home.models import StandardPage
from tests.support import factories
from timeline.exchange.formats.slide_reader import KEY
from timeline.exchange.imports.applying import carry_out
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import read_file
from timeline.models import EventPage

pytestmark = pytest.mark.django_db

WORD = "plantedword"
# What may stand for a block or for one of its fields.
WHOLE = [
    *(None, True, 5, -1, 2**63, 1e308, "", WORD, "\x00", "2026-99-99", [], [1], [None], {}, {"a": WORD}),
    *([[WORD]], [{"type": "text"}], {"text": {"text": {"text": WORD}}}, {"value": None}),
    *(f"<script>{WORD}</script>", f'<p onclick="{WORD}">Words</p>', f"<embed embedtype='x' id='{WORD}'/>"),
]
FIELD = [None, 5, [WORD], {"a": WORD}, "\x0b", f"<x-odd>{WORD}"]
BLOCKS = BodyBlock().child_blocks


def malformed(name):
    """Return malformed values of a block: in place of all of it, and of each of its fields."""
    block = BLOCKS[name]
    values = [*WHOLE]
    if isinstance(block, blocks.StructBlock):
        good = block.get_prep_value(block.normalize(block.get_preview_value()))
        values += [good | {field: odd} for field in block.child_blocks for odd in FIELD]
        values += [{key: value for key, value in good.items() if key != field} for field in good]
    return values


def stored(name):
    """Return the JSON of a body with all malformed values of a block between two good ones."""
    first, last = ({"type": "text", "value": f"<p>The {which} words</p>"} for which in ("first", "last"))
    items = [first, *({"type": name, "value": value} for value in malformed(name)), last]
    return json.dumps(items, allow_nan=False, default=str).replace("\\u0000", "\\u000b")


def put(page, text):
    """Store the text as the body of a page, bypassing all validation."""
    table = connection.ops.quote_name(page._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET body = %s WHERE page_ptr_id = %s", [text, page.pk])


def test_there_are_more_than_500_cases():
    assert sum(len(malformed(name)) for name in BLOCKS) > 500


def test_pages_show_what_they_can_and_log_no_content(client, neighbors, caplog, subtests):
    caplog.set_level(logging.WARNING, "home.blocks.stream")
    page = factories.make_standard_page()
    for name in BLOCKS:
        with subtests.test(name):
            put(page, stored(name))
            caplog.clear()
            response = client.get(page.url)
            html = response.content.decode()
            assert response.status_code == 200
            assert "The first words" in html
            assert "The last words" in html
            for tag in ("<script>", "onclick", "<embed", "<x-odd"):
                assert tag not in html
            lines = [record.getMessage() for record in caplog.records]
            assert any("skipped" in line for line in lines)
            assert WORD not in "".join(lines)


def test_editors_can_open_such_a_page_and_saving_it_loses_nothing(admin_client, neighbors, subtests):
    page = factories.make_standard_page()
    for name in BLOCKS:
        with subtests.test(name):
            put(page, stored(name))
            assert admin_client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
            StandardPage.objects.get(pk=page.pk).save_revision(clean=False).publish()
            assert len(StandardPage.objects.get(pk=page.pk).body) == len(malformed(name)) + 2


def test_imports_refuse_or_clean_it(client, neighbors, subtests):
    timeline = factories.make_timeline()
    for name in BLOCKS:
        slides = [
            {
                "start_date": {"year": 2019},
                "text": {"headline": f"Event {number}"},
                KEY: {"body": [{"type": name, "value": value}]},
            }
            for number, value in enumerate(malformed(name))
        ]
        with subtests.test(name):
            plan = make_plan(timeline, read_file(json.dumps({"events": slides}, default=str).encode()))
            assert len(plan.rows) == len(slides)
            carry_out(plan)
    for event in EventPage.objects.filter(title__startswith="Event "):
        html = str(event.body)
        for tag in ("<script>", "onclick", "<embed", "<x-odd"):
            assert tag not in html
