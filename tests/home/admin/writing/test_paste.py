"""Text from word processors becomes blocks, and what can't be kept is named."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from home.admin.writing import paste
from home.admin.writing.paste import LARGEST_FILE, LONGEST_HEADING, MOST_CELLS, parts_of
from home.blocks import BodyBlock
from home.files import archives
from home.files.kinds import OLD_OFFICE
from tests.support import factories
from tests.support.files import docx_of, with_part, word_report

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


def test_a_numbered_line_beside_a_table_is_its_caption():
    table = "<table><tr><td>Who</td></tr></table>"
    parts, _lost = parts_of(
        f"<p>Table 1. Grants</p> {table} <p>Words</p> {table} <p>Tabla 2: Días</p> {table}"
    )
    assert [part.value["table"]["caption"] for part in parts if part.name == "table"] == [
        "Table 1. Grants",
        "Tabla 2: Días",
        "",
    ]
    assert [part.value for part in parts if part.name == "text"] == ["<p>Words</p>"]


def test_what_has_no_block_is_kept_as_text_or_named():
    long = "word " * LONGEST_HEADING
    cells = "<td>1</td>" * (MOST_CELLS + 1)
    table = f"<table><tr>{cells}</tr></table>"
    parts, lost = parts_of(f"<h1>{long}</h1><p><img src=a><img src=b></p>{table}")
    assert [part.name for part in parts] == ["text"]
    assert lost[0].startswith("2 images are left out.")
    assert lost[1].startswith("A table is left out, since it has more than 2,000 cells.")


def test_what_nobody_sees_in_a_word_processor_is_no_text():
    parts, _lost = parts_of(
        "<!DOCTYPE html><?mso-application?><!--[if gte mso 9]><xml>Normal</xml><![endif]-->"
        "<style>p {margin: 0}</style><!--StartFragment--><h2>One<!--[if one]--></h2>"
        "<p>They met<![if !supportFootnotes]>[1]<![endif]>.<o:p></o:p></p>"
        "<![CDATA[data]]><script>go()</script>"
        "<table><tr><td><!--cell-->Who</td></tr></table><!--EndFragment-->"
    )
    heading, text, table = parts
    assert heading.value["text"] == "One"
    assert BeautifulSoup(text.value, "html.parser").get_text() == "They met[1]."
    assert "!" not in text.value
    assert table.value["table"]["columns"] == [{"type": "text", "heading": "Who"}]


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
    assert answer["lost"] == []


@pytest.mark.parametrize(
    ("file", "title"),
    [
        (word_report(title=" What the\nboard said "), "What the board said"),
        (word_report(title="Document1"), "A report"),
        (word_report(), "A report"),
        (docx_of(), "Notes on the budget"),
    ],
)
def test_a_word_file_is_called_by_its_properties_or_first_heading_or_name(admin_client, file, title):
    file.name = "notes_on_the budget.docx"
    file.seek(0)
    answer = admin_client.post(reverse("html_of_file"), {"file": file}).json()
    assert answer["title"] == title


def test_notes_are_numbered_and_comments_and_formulas_are_named(admin_client):
    def add_to_body(xml):
        return xml.replace(
            b"<w:body>",
            b'<w:body><w:p><w:r><w:t>It fell.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
            b'<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"/></w:p>',
        )

    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>A letter.</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {word}>{note}</w:footnotes>"
    comments = f'<w:comments {word}><w:comment w:id="1"/><w:comment w:id="2"/></w:comments>'
    file = with_part(word_report(), "word/document.xml", add_to_body)
    with ZipFile(file, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
        archive.writestr("word/comments.xml", comments)
    file.name = "report.docx"
    file.seek(0)
    answer = admin_client.post(reverse("html_of_file"), {"file": file}).json()
    assert '<p>It fell.<sup><a href="#footnote-2" id="footnote-ref-2">[1]</a></sup></p>' in answer["html"]
    assert '<ol><li id="footnote-2"><p>A letter.' in answer["html"]
    assert answer["lost"] == [
        "2 comments are left out.",
        "One chart, diagram or formula is left out. Add an image of it.",
    ]


def test_the_end_of_too_long_a_text_is_named(admin_client, monkeypatch):
    monkeypatch.setattr(paste, "LONGEST_HTML", 100)
    answer = admin_client.post(reverse("blocks_of_html"), {"html": f"<p>{'word ' * 100}</p>"}).json()
    assert answer["lost"] == ["The text is too long for one page. Its end is left out."]


def zip_bomb():
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(archives.MAX_UNPACKED + 1))
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This is no Word file that can be read."),
        (bytes(LARGEST_FILE + 1), "Choose a Word file of 20 MB at most."),
        (b"no Word file", "This is no Word file that can be read."),
        (b"PK\x03\x04", "This is no Word file that can be read."),
        (zip_bomb(), "This is no Word file that can be read."),
        (OLD_OFFICE + b"a .doc, or one with a password", "This file has a password or is in an old Office"),
    ],
    ids=["empty", "too large", "text", "damaged", "zip bomb", "old"],
)
def test_another_file_is_refused_in_words(admin_client, content, words):
    file = io.BytesIO(content)
    file.name = "report.docx"
    response = admin_client.post(reverse("html_of_file"), {"file": file})
    assert response.status_code == 400
    assert response.json()["error"].startswith(words)


def test_only_the_form_of_a_new_page_offers_to_begin_with_a_word_file(admin_client):
    offer = "Title and text can come from a Word file."
    for page in (factories.make_event(), factories.make_concern()):
        names = page._meta.app_label, page._meta.model_name
        new = admin_client.get(reverse("wagtailadmin_pages:add", args=[*names, page.get_parent().pk]))
        assert offer in new.content.decode()
        edited = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert offer not in edited.content.decode()
