import datetime as dt
import logging
import resource
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from wagtail.models import Collection

from home.files import extraction, readers
from home.files.child import JobResult
from home.files.errors import UnreadableFile, UnsupportedFile
from home.files.extraction import read_pages
from home.models import FileText, SiteDocument
from home.models.library import file_text
from home.models.library.file_text import text_of
from home.tasks import read_file_text
from tests.support import factories

State = FileText.State
PAGES = ["A diversion in the café", "The mayor (2018) said “yes”\nand left"]


def xlsx_file(*sheets, name="figures.xlsx"):
    """Return a workbook with a sheet for each list of rows."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    workbook.save(content)
    return ContentFile(content.getvalue(), name=name)


def locked(file, password, algorithm):
    """Return the PDF, encrypted."""
    writer = PdfWriter(clone_from=file)
    writer.encrypt(password, "password of the owner", algorithm=algorithm)
    content = BytesIO()
    writer.write(content)
    return ContentFile(content.getvalue(), name=file.name)


def bomb(extension):
    """Return a small file that unpacks to more than the limit."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(readers.MAX_UNPACKED + 1))
    return ContentFile(content.getvalue(), name=f"bomb.{extension}")


def with_part(content, part, change):
    """Return an archive with one part changed."""
    changed = BytesIO()
    with ZipFile(BytesIO(content)) as archive, ZipFile(changed, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, change(archive.read(name)) if name == part else archive.read(name))
    return changed.getvalue()


# Reading each kind of file


def test_a_pdf_is_read_page_by_page():
    assert read_pages(factories.pdf_file(PAGES), "pdf") == PAGES
    assert read_pages(factories.pdf_file([PAGES[0], "", PAGES[1]]), "PDF") == [PAGES[0], "", PAGES[1]]


def test_hyphenated_words_of_a_pdf_are_joined():
    (page,) = read_pages(factories.pdf_file(["a diver-\nsion, Law-\nEnforcement, 2017-\n2018"]), "pdf")
    assert page == "a diversion, Law-\nEnforcement, 2017-\n2018"


def test_a_word_file_is_read_in_order_with_tables():
    file = factories.docx_file(["Before", [["Year", "Count"], ["2018", "590"]], "After"])
    assert read_pages(file, "docx") == ["Before\nYear\nCount\n2018\n590\nAfter"]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("<w:ins><w:r><w:t>added</w:t></w:r></w:ins>", "added"),
        ("<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>", ""),
        ("<w:sdt><w:sdtContent><w:r><w:t>filled in</w:t></w:r></w:sdtContent></w:sdt>", "filled in"),
        ("<w:hyperlink><w:r><w:t>linked</w:t></w:r></w:hyperlink>", "linked"),
    ],
)
def test_a_word_file_is_read_as_it_is_shown(part, words):
    run = b"<w:r><w:t>MARK</w:t></w:r>"
    content = with_part(
        factories.docx_file(["MARK"]).read(), "word/document.xml", lambda xml: xml.replace(run, part.encode())
    )
    assert read_pages(BytesIO(content), "docx") == [words]


def test_a_workbook_is_read_row_by_row():
    file = xlsx_file([["Year", None, "Count"], [2018, None, 590]], [], [["Rate", 0.5, "=1+1"]])
    assert read_pages(file, "xlsx") == ["Year Count\n2018 590\nRate 0.5"]


def test_a_day_in_a_workbook_has_no_time():
    day, time = dt.date(2018, 10, 25), dt.time(17, 30)
    file = xlsx_file([[day, dt.datetime.combine(day, time)]])
    assert read_pages(file, "xlsx") == ["2018-10-25 2018-10-25 17:30:00"]


def test_a_false_row_number_does_not_slow_reading():
    def moved(xml):
        return xml.replace(b'r="1"', b'r="99999999999"').replace(b'"A1"', b'"A99999999999"')

    content = with_part(xlsx_file([["here"]], [["there"]]).read(), "xl/worksheets/sheet1.xml", moved)
    assert read_pages(BytesIO(content), "xlsx") == ["there"]


def test_a_sheet_with_false_dimensions_is_read_completely():
    file = Path(__file__).parents[2] / "timeline" / "exchange" / "files" / "xlsx_dimension_too_small.xlsx"
    with file.open("rb") as content:
        assert "Event 5" in read_pages(content, "xlsx")[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("extension", ["txt", "csv"])
def test_text_is_read_in_common_encodings(extension, encoding):
    assert read_pages(BytesIO("Ñandú,“yes”\r\n2".encode(encoding)), extension) == ["Ñandú,“yes”\n2"]


def test_text_is_tidied():
    text = "\ufeff  One\t two\x00three\u200b \r\n\n\r\n \n four\x0cﬁve cafe\u0301 \ue000"
    assert read_pages(BytesIO(text.encode()), "txt") == ["One twothree\n\nfour\nfive café"]


def test_a_lone_surrogate_is_left_out():
    assert extraction.tidy("a\ud800b") == "ab"


def test_unknown_kinds_are_not_read():
    for extension in ("odt", "exe", ""):
        with pytest.raises(UnsupportedFile):
            read_pages(BytesIO(b"x"), extension)


# Limits


def test_only_the_first_pages_are_read(monkeypatch):
    monkeypatch.setattr(readers, "MAX_PAGES", 2)
    assert read_pages(factories.pdf_file(["1", "2", "3"]), "pdf") == ["1", "2"]


def test_only_the_first_characters_are_read(monkeypatch):
    monkeypatch.setattr(extraction, "MAX_CHARACTERS", 5)
    assert read_pages(factories.pdf_file(["abc", "def", "ghi"]), "pdf") == ["abc", "de"]
    assert read_pages(BytesIO(b"abcdefg"), "txt") == ["abcde"]
    assert read_pages(factories.docx_file(["ab", "cd", "ef"]), "docx") == ["ab\ncd"]


def test_reading_stops_at_the_time_limit(monkeypatch):
    monkeypatch.setattr(extraction, "TIME_LIMIT", -1)
    assert read_pages(factories.pdf_file(["1", "2"]), "pdf") == ["1"]


@pytest.mark.parametrize("extension", ["docx", "xlsx"])
def test_a_file_that_unpacks_to_too_much_is_not_opened(extension, monkeypatch):
    monkeypatch.setattr(readers, "MAX_UNPACKED", 10_000)
    with pytest.raises(UnreadableFile, match="unpack"):
        read_pages(bomb(extension), extension)


# Damaged files


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_pdf_that_is_only_locked_for_changes_is_read(algorithm):
    if algorithm.startswith("AES"):
        pytest.importorskip("cryptography")
    assert read_pages(locked(factories.pdf_file(PAGES), "", algorithm), "pdf") == PAGES


def test_a_pdf_with_a_password_cannot_be_read():
    with pytest.raises(UnreadableFile):
        read_pages(locked(factories.pdf_file(PAGES), "secret", "RC4-128"), "pdf")


@pytest.mark.parametrize(
    ("file", "extension"),
    [
        (factories.pdf_file(PAGES), "pdf"),
        (factories.docx_file(PAGES), "docx"),
        (xlsx_file([PAGES]), "xlsx"),
    ],
)
def test_a_truncated_file_cannot_be_read(file, extension):
    with pytest.raises(UnreadableFile):
        read_pages(BytesIO(file.read()[: file.size // 2]), extension)


def test_an_unreadable_page_does_not_affect_other_pages(monkeypatch):
    def extract_text(page):
        if page.page_number == 0:
            raise KeyError("/Font")
        return "words"

    monkeypatch.setattr("pypdf.PageObject.extract_text", extract_text)
    assert read_pages(factories.pdf_file(PAGES), "pdf") == ["", "words"]
    with pytest.raises(UnreadableFile, match="KeyError"):
        read_pages(factories.pdf_file(["alone"]), "pdf")


# Files that take too much memory or time


def packed(content, part, change):
    """Return the file with a changed part, compressed."""
    changed = BytesIO()
    with ZipFile(BytesIO(content)) as archive, ZipFile(changed, "w", ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            copy.writestr(name, change(archive.read(name)) if name == part else archive.read(name))
    return changed.getvalue()


def pdf_that_draws(commands):
    """Return a PDF with one page that has these commands, compressed."""
    writer = PdfWriter(clone_from=factories.pdf_file(["x"]))
    stream = DecodedStreamObject()
    stream.set_data(commands)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream.flate_encode(9))
    content = BytesIO()
    writer.write(content)
    return content.getvalue()


def greedy_file(extension):
    """Return a small file that takes hundreds of megabytes to read."""
    if extension == "pdf":
        return pdf_that_draws(bytes(80_000_000))
    if extension == "docx":
        content, part, mark, more = factories.docx_file(["x"]), "word/document.xml", b"<w:body>", b"<w:p/>"
    else:
        content, part, mark, more = xlsx_file([["x"]]), "xl/workbook.xml", b"<sheets>", b"<a/>"
    return packed(content.read(), part, lambda xml: xml.replace(mark, more * 10_000_000 + mark, 1))


@pytest.mark.parametrize("extension", ["pdf", "docx", "xlsx"])
def test_a_file_that_takes_too_much_memory_cannot_be_read(extension, caplog):
    content = greedy_file(extension)
    assert len(content) < 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableFile):
        text_of(BytesIO(content), extension)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    ("file", "extension"),
    [
        (factories.pdf_file(PAGES), "pdf"),
        (factories.docx_file(PAGES), "docx"),
        (xlsx_file([PAGES]), "xlsx"),
        (ContentFile("Ñandú 🐦".encode()), "TXT"),
    ],
)
def test_the_child_process_reads_files_correctly(file, extension):
    pages = text_of(file, extension)
    assert any(pages)
    assert pages == read_pages(file, extension)


def test_unsupported_files_are_reported():
    with pytest.raises(UnsupportedFile):
        text_of(BytesIO(b"x"), "odt")


@pytest.mark.parametrize("answer", [{"a": 1}, [1], "text", None])
def test_an_answer_that_is_not_a_list_of_strings_is_refused(monkeypatch, answer):
    monkeypatch.setattr(file_text, "run_job", lambda *args, **options: JobResult(answer))
    with pytest.raises(UnreadableFile):
        text_of(BytesIO(b"x"), "txt")


# A valid file of each kind, and its main part.
GOOD = {
    "pdf": (factories.pdf_file(PAGES).read(), None),
    "docx": (factories.docx_file(PAGES).read(), "word/document.xml"),
    "xlsx": (xlsx_file([PAGES]).read(), "xl/worksheets/sheet1.xml"),
    "txt": ("Ñandú".encode(), None),
}


@given(content=st.binary(max_size=500), extension=st.sampled_from([*GOOD, "csv", "odt"]))
def test_any_bytes_raise_only_our_errors(content, extension):
    for start in (b"", b"%PDF-1.4\n", b"PK\x03\x04"):
        says_something_or_refuses(start + content, extension)


@given(extension=st.sampled_from([*GOOD]), data=st.data())
def test_any_damage_raises_only_our_errors(extension, data):
    def damaged(content):
        content = bytearray(content)
        places = st.integers(0, len(content) - 1)
        for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=5)):
            content[place] = byte
        return bytes(content)

    content, part = GOOD[extension]
    says_something_or_refuses(damaged(content), extension)
    if part:
        says_something_or_refuses(with_part(content, part, damaged), extension)


def says_something_or_refuses(content, extension):
    try:
        pages = read_pages(BytesIO(content), extension)
    except (UnreadableFile, UnsupportedFile):
        return
    # Databases accept neither lone surrogates nor NUL.
    assert b"\0" not in "".join(pages).encode()


# Storing the text


@pytest.mark.django_db
def test_a_new_file_is_read():
    document = SiteDocument.objects.create(title="Report", file=factories.pdf_file(PAGES))
    assert (document.file_text.state, document.file_text.pages) == (State.READ, PAGES)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "state"),
    [
        (factories.pdf_file(["", ""]), State.EMPTY),
        (factories.docx_file([]), State.EMPTY),
        (factories.pdf_file([]), State.EMPTY),
        (ContentFile(b"", name="minutes.txt"), State.EMPTY),
        (locked(factories.pdf_file(PAGES), "secret", "RC4-128"), State.UNREADABLE),
        (ContentFile(bytes(range(256)) * 9, name="report.pdf"), State.UNREADABLE),
        (ContentFile(bytes(range(256)) * 9, name="minutes.txt"), State.UNREADABLE),
        (bomb("docx"), State.UNREADABLE),
        (ContentFile(b"PK", name="report.odt"), State.UNSUPPORTED),
        (ContentFile(b"what", name="report"), State.UNSUPPORTED),
    ],
)
def test_a_file_without_text_has_its_own_state(file, state):
    text = SiteDocument.objects.create(title="Report", file=file).file_text
    assert (text.state, any(text.pages)) == (state, False)


@pytest.fixture
def readings(monkeypatch):
    """Return the names of the files that are read, in order."""
    names = []

    def read(file, extension):
        names.append(file.name)
        return read_pages(file, extension)

    monkeypatch.setattr("home.models.library.file_text.text_of", read)
    return names


@pytest.mark.django_db
def test_a_file_is_read_once(readings):
    document = factories.make_file()
    document.title = "Another title"
    document.save()
    SiteDocument.objects.get().save()
    read_file_text.enqueue(document.pk)
    assert readings == [document.file.name]


@pytest.mark.django_db
def test_a_file_that_is_replaced_is_read_again(readings):
    document = factories.make_file(text=b"before")
    document.file = ContentFile(b"after", name="minutes.txt")
    document.save()
    assert FileText.objects.get().pages == ["after"]
    assert len(readings) == 2


@pytest.mark.django_db
def test_a_file_that_is_replaced_under_its_name_in_the_admin_is_read_again(client, admin_user):
    client.force_login(admin_user)
    document = factories.make_file(text=b"before")
    name = document.file.name
    fields = {"title": "Minutes", "collection": Collection.get_first_root_node().pk}
    for text in (b"after", b"at last"):
        upload = ContentFile(text, name=name.rpartition("/")[2])
        response = client.post(reverse("wagtaildocs:edit", args=[document.pk]), fields | {"file": upload})
        assert response.status_code == 302
        document.refresh_from_db()
        assert FileText.objects.get().pages == [text.decode()]
    assert document.file.name == name


@pytest.mark.django_db
def test_a_missing_file_is_unreadable():
    document = factories.make_file()
    document.file.storage.delete(document.file.name)
    FileText.objects.all().delete()
    document.save()
    assert FileText.objects.get().state == State.UNREADABLE


@pytest.mark.django_db
def test_a_deleted_document_is_not_an_error():
    document = factories.make_file()
    read_file_text.call(document.pk + 1)
    gone = SiteDocument.objects.get()
    document.delete()
    assert FileText.objects.read(gone) is None
    assert not FileText.objects.exists()


@pytest.mark.django_db
def test_the_text_of_a_replaced_file_is_not_kept():
    factories.make_file(text=b"before")
    older = SiteDocument.objects.get()
    newer = SiteDocument.objects.get()
    newer.file = ContentFile(b"after", name="minutes.txt")
    newer.save()
    assert FileText.objects.read(older) is None
    assert FileText.objects.get().pages == ["after"]


@pytest.mark.django_db
def test_a_worker_reads_uploaded_files(settings, caplog, monkeypatch):
    # The worker would close the connection and so end the test's transaction.
    monkeypatch.setattr(connection, "close", lambda: None)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    document = factories.make_file(text=b"read by the worker")
    assert not FileText.objects.exists()
    assert "home.tasks.read_file_text" in DBTaskResult.objects.values_list("task_path", flat=True)
    with caplog.at_level(logging.ERROR):
        call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    assert FileText.objects.get(document=document).pages == ["read by the worker"]


@pytest.mark.django_db
def test_an_upgraded_site_reads_its_existing_files(capsys):
    factories.make_file(name="report.odt")
    old, damaged = factories.make_file(text=b"old"), factories.make_file(name="damaged.pdf", text=b"x")
    FileText.objects.exclude(document=damaged).delete()
    call_command("read_file_texts")
    assert capsys.readouterr().out == "1 read, 2 could not be read.\n"
    assert FileText.objects.get(document=old).pages == ["old"]
    call_command("read_file_texts")
    assert capsys.readouterr().out == "0 read, 1 could not be read.\n"


@pytest.mark.django_db
def test_the_text_does_not_count_as_a_use_of_the_file():
    assert not factories.make_file().get_usage().count()


# Messages for visitors


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("file", "words"),
    [
        (factories.pdf_file([""]), "No text in this file"),
        (ContentFile(b"damaged", name="report.pdf"), "The search cannot read this file"),
    ],
)
def test_a_document_says_if_search_cannot_read_its_file(client, file, words):
    page = factories.make_document(file=SiteDocument.objects.create(title="Report", file=file))
    assert f'<p class="hint">{words}' in client.get(page.url).content.decode()
    preview = page.specific.make_preview_request(original_request=None)
    assert f'<p class="hint">{words}' in preview.content.decode()


@pytest.mark.django_db
def test_a_document_with_a_readable_file_or_none_says_nothing(client):
    for file in (factories.make_file(), factories.make_file(name="report.odt"), None):
        page = factories.make_document(file=file)
        assert 'class="hint"' not in client.get(page.url).content.decode()


@pytest.mark.django_db
def test_a_document_does_not_load_the_text_of_its_file(client, django_assert_max_num_queries):
    page = factories.make_document(file=factories.make_file(text=b"long"))
    client.get(page.url)
    with django_assert_max_num_queries(15) as queries:
        client.get(page.url)
    about_it = [query["sql"] for query in queries if "home_filetext" in query["sql"]]
    assert len(about_it) == 1
    assert '"pages"' not in about_it[0]
