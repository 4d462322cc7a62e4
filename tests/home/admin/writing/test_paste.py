"""Text from word processors becomes blocks, and what can't be kept is named."""

import io

import pytest
from django.urls import reverse

from home.admin.writing.paste import LONGEST_HEADING, MOST_CELLS, parts_of
from home.blocks import BodyBlock
from tests.support.files import word_report

pytestmark = pytest.mark.django_db


def test_headings_tables_and_text_become_blocks_in_their_order():
    parts, lost = parts_of(
        "<div><h3>One</h3><p>First <b>words</b>.</p><ul><li>a point</li></ul></div>loose words"
        "<section><h4>Two</h4><table><caption>Grants</caption><tr><th>Who</th><th>How much</th></tr>"
        "<tr><td>State</td></tr></table></section><p> </p>"
    )
    columns = [{"type": "text", "heading": "Who"}, {"type": "text", "heading": "How much"}]
    table = {"columns": columns, "rows": [{"values": ["State", ""]}], "caption": "Grants"}
    assert parts == [
        ("heading", {"text": "One", "level": "h2"}),
        ("text", "<p>First <b>words</b>.</p><ul><li>a point</li></ul>loose words"),
        ("heading", {"text": "Two", "level": "h3"}),
        ("table", {"table": table, "row_headings": False}),
    ]
    assert lost == []


def test_what_has_no_block_is_kept_as_text_or_named():
    long = "word " * LONGEST_HEADING
    cells = "<td>1</td>" * (MOST_CELLS + 1)
    table = f"<table><tr>{cells}</tr></table>"
    parts, lost = parts_of(f"<h1>{long}</h1><p><img src=a><img src=b></p>{table}")
    assert [part.name for part in parts] == ["text"]
    assert lost[0].startswith("2 pictures are left out.")
    assert lost[1].startswith("A table is left out, since it has more than 2,000 cells.")


@pytest.mark.parametrize("html", ["", "<", "<h1></h1>", "<table></table>", "<td>", "<p>" * 300, "&#0;"])
def test_any_html_becomes_blocks_that_the_form_accepts(admin_client, html):
    response = admin_client.post(reverse("blocks_of_html"), {"html": html})
    assert response.status_code == 200
    for block in response.json()["blocks"]:
        assert block["type"] in BodyBlock().child_blocks


def test_a_word_file_becomes_html(admin_client):
    answer = admin_client.post(reverse("html_of_file"), {"file": word_report()}).json()
    assert answer["html"].startswith(
        "<h1>A report</h1><h1>Findings</h1><p>Two of 590.</p><ul><li>a first point"
    )


@pytest.mark.parametrize("content", [b"", b"no Word file", b"PK\x03\x04"])
def test_another_file_is_refused_in_words(admin_client, content):
    file = io.BytesIO(content)
    file.name = "report.docx"
    response = admin_client.post(reverse("html_of_file"), {"file": file})
    assert response.status_code == 400
    assert "Word file" in response.json()["error"]
