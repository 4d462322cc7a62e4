"""The pages of a record's PDF are drawn in the background, some at a time, in a child process with limits."""

import zlib
from io import BytesIO

import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    RectangleObject,
    TextStringObject,
)

from home.files.child import JobFailed, run_job
from home.models import FilePage, SiteDocument
from home.models.library import file_page
from leadwatch.page_cache.versions import content_version
from tests.support import factories

pytestmark = pytest.mark.django_db
State = FilePage.State
WORDS = "The board met on Monday."


def changed(change, texts=(WORDS,)):
    """Return a PDF after `change` was called on its writer."""
    writer = PdfWriter(clone_from=PdfReader(factories.pdf_file(texts)))
    change(writer)
    content = BytesIO()
    writer.write(content)
    return content


def drawn(file, index=0):
    """Return the facts of a page, and its two images."""
    facts, content = run_job("page", file, index=index)
    images = [content[: facts["length"]], content[facts["length"] :]]
    return facts, [PIL.Image.open(BytesIO(each)) for each in images]


def record_of(file, name="report.pdf", **fields):
    file.seek(0)
    document = SiteDocument.objects.create(title="Report", file=ContentFile(file.read(), name=name))
    return factories.make_document(file=document, **fields)


def states(record):
    return [page.state for page in FilePage.objects.of(record.file)]


def stored():
    return set(default_storage.listdir("pages")[1]) if default_storage.exists("pages") else set()


def ink(image, box):
    """Return the share of dark pixels in a box of thousandths of the width."""
    scale = image.width / 1000
    left, top, width, height = (side * scale for side in box)
    part = image.convert("L").crop((left, top, left + width, top + height))
    return sum(part.histogram()[:128]) / (part.width * part.height)


def test_a_page_is_drawn_twice_with_the_places_of_its_words():
    facts, [large, small] = drawn(factories.pdf_file(["First page", f"{WORDS}\nA second line"]), 1)
    assert (large.size, small.size, large.format) == ((1600, 2071), (800, 1035), "WEBP")
    assert tuple(facts["size"]) == large.size
    words = [word for word, *_boxes in facts["words"]]
    assert words == ["The", "board", "met", "on", "Monday.", "A", "second", "line"]
    for _word, *boxes in facts["words"]:
        assert [ink(image, box) > 0.05 for box in boxes for image in (large, small)] == [True, True]
    # Nothing else is on the page.
    assert ink(large, [0, 200, 1000, 1000]) == 0


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_rotated_page_is_upright_and_its_words_are_where_they_are_seen(angle):
    facts, [large, _small] = drawn(changed(lambda writer: writer.pages[0].rotate(angle)))
    assert large.width == 1600
    assert (large.height < 1600) == (angle != 180)
    assert "".join(word for word, *_boxes in facts["words"]) == WORDS.replace(" ", "")
    assert all(ink(large, box) > 0.03 for _word, *boxes in facts["words"] for box in boxes)


def test_what_is_cut_off_is_not_shown():
    def cut(writer):
        writer.pages[0].cropbox = RectangleObject((60, 700, 200, 760))

    facts, [large, _small] = drawn(changed(cut))
    assert large.height < 700
    assert {word for word, *boxes in facts["words"] if boxes} >= {"The", "board"}
    assert ink(large, facts["words"][0][1]) > 0.05


def test_a_word_that_is_divided_at_the_end_of_a_line_is_one_with_two_places():
    facts, _images = drawn(factories.pdf_file(["We asked the commu-\nnity about it."]))
    [divided] = [each for each in facts["words"] if len(each) > 2]
    assert divided[0] == "community"
    assert divided[1][1] < divided[2][1]


def test_what_was_filled_into_a_form_is_drawn():
    def fill_in(writer):
        field = {"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Tx"}
        field = DictionaryObject({NameObject(key): NameObject(value) for key, value in field.items()})
        for key, value in {"/T": "name", "/V": "REFUSED", "/DA": "/Helv 12 Tf 0 g"}.items():
            field[NameObject(key)] = TextStringObject(value)
        field[NameObject("/Rect")] = RectangleObject((100, 400, 300, 420))
        fields = ArrayObject([writer._add_object(field)])
        writer.pages[0][NameObject("/Annots")] = fields
        form = DictionaryObject({NameObject("/Fields"): fields})
        writer._root_object[NameObject("/AcroForm")] = form

    _facts, images = drawn(changed(fill_in))
    # The field is 200 of 612 points wide, and 20 high.
    assert [ink(image, [163, 608, 327, 33]) > 0.02 for image in images] == [True, True]


def test_a_file_that_is_locked_for_changes_only_is_drawn():
    facts, _images = drawn(changed(lambda writer: writer.encrypt("", "owner")))
    assert len(facts["words"]) == 5


def with_content(content):
    def change(writer):
        stream = DecodedStreamObject()
        stream.set_data(content)
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream.flate_encode())

    return changed(change)


def with_size(width, height):
    def change(writer):
        writer.pages[0].mediabox = RectangleObject((0, 0, width, height))

    return changed(change)


def with_huge_image():
    """Return a page with an image of 10 gigapixels, which takes a few kilobytes in the file."""
    black = zlib.compress(zlib.compress(bytes(50_000_000)))

    def change(writer):
        image = DecodedStreamObject()
        image.set_data(black)
        facts = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB"}
        for key, value in facts.items():
            image[NameObject(key)] = NameObject(value)
        image[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode")] * 2)
        for key, value in {"/Width": 100_000, "/Height": 100_000, "/BitsPerComponent": 8}.items():
            image[NameObject(key)] = NumberObject(value)
        page = writer.pages[0]
        images = DictionaryObject({NameObject("/I"): writer._add_object(image)})
        page["/Resources"][NameObject("/XObject")] = images
        drawing = DecodedStreamObject()
        drawing.set_data(b"612 0 0 792 0 0 cm /I Do")
        page[NameObject("/Contents")] = writer._add_object(drawing)

    return changed(change)


@pytest.mark.parametrize(
    "make",
    [
        lambda: BytesIO(b"%PDF-1.7\nnothing of the kind"),
        lambda: BytesIO(factories.pdf_file([WORDS]).read()[:300]),
        lambda: changed(lambda writer: writer.encrypt("secret")),
        lambda: factories.pdf_file([]),
    ],
    ids=["damaged", "cut off", "locked", "without pages"],
)
def test_a_file_that_cannot_be_opened_has_one_page_that_says_so(make, client):
    record = record_of(make())
    assert states(record) == [State.FAILED]
    with pytest.raises(JobFailed):
        run_job("page", make(), index=0)
    assert "pages/1/" not in client.get(record.url).content.decode()


@pytest.mark.parametrize(
    "make",
    [
        lambda: with_content(b"q " * 30_000_000),
        lambda: with_content(b"0 0 m 600 700 l S\n" * 3_000_000),
        lambda: with_content(b"BT /F1 1 Tf " + b"(a) Tj " * 2_000_000 + b"ET"),
        lambda: with_size(14_400, 3),
        lambda: with_size(3, 14_400),
        lambda: with_size(1e30, 1e30),
        lambda: with_size(0, 0),
        with_huge_image,
    ],
    ids=["states", "lines", "text", "flat", "narrow", "endless", "empty", "image"],
)
def test_a_hostile_page_is_drawn_or_fails_within_the_limits(make):
    """The limits of the child process are tested with the process. Here, its answers are small, too."""
    try:
        facts, images = drawn(make())
    except JobFailed:
        return
    assert all(1 <= side <= 3200 for image in images for side in image.size)
    assert sum(len(word) for word, *_boxes in facts["words"]) <= 20_000


def test_the_pages_of_a_published_record_are_drawn_and_deleted_with_the_file(
    django_capture_on_commit_callbacks,
):
    before = stored()
    record = record_of(factories.pdf_file(["One", "Two"]), live=False)
    assert states(record) == []
    record.save_revision().publish()
    assert states(record) == [State.DRAWN] * 2
    assert len(stored() - before) == 4
    record.delete()
    with django_capture_on_commit_callbacks(execute=True):
        record.file.delete()
    assert (FilePage.objects.count(), stored()) == (0, before)


@pytest.fixture
def draws(monkeypatch):
    """Draw one page in a task, and note the content version after each."""
    monkeypatch.setattr(file_page, "TIME_LIMIT", -1)
    versions, draw = [], file_page.FilePageQuerySet.draw

    def noted(self, document):
        versions.append(content_version())
        return draw(self, document)

    monkeypatch.setattr(file_page.FilePageQuerySet, "draw", noted)
    return versions


def test_a_long_file_is_drawn_in_parts(draws):
    record = record_of(factories.pdf_file(["One", "Two", "Three"]))
    assert states(record) == [State.DRAWN] * 3
    assert len({*draws, content_version()}) == 4


def test_the_pages_of_a_replaced_file_are_not_shown(django_capture_on_commit_callbacks):
    record = record_of(factories.pdf_file(["One", "Two"]))
    old = {path for page in FilePage.objects.of(record.file) for path in page.files}
    assert all(map(default_storage.exists, old))
    with django_capture_on_commit_callbacks(execute=True):
        record.file.file = factories.pdf_file(["Another"])
        record.file.save()
    assert [word for page in FilePage.objects.all() for word, *_boxes in page.words] == ["Another"]
    assert not any(map(default_storage.exists, old))


def test_a_file_that_is_replaced_while_its_pages_are_drawn_gets_none_of_them(monkeypatch):
    record = record_of(factories.pdf_file(["One"]), live=False)
    old, draw, pages = record.file.file_hash, FilePage.draw, []

    def replaced(self, file):
        draw(self, file)
        pages.append(self)
        SiteDocument.objects.update(file_hash="another")

    monkeypatch.setattr(FilePage, "draw", replaced)
    record.save_revision().publish()
    # The other file is drawn as well.
    first, second = pages
    assert (first.file_hash, second.file_hash) == (old, "another")
    assert [*map(default_storage.exists, [*first.files, *second.files])] == [False, False, True, True]
    assert list(FilePage.objects.drawn()) == [second]


@pytest.mark.parametrize(("job", "count"), [("pages", 1), ("page", 2)])
def test_pages_that_failed_on_a_busy_machine_are_drawn_again(monkeypatch, job, count):
    def too_slow(name, file, **options):
        if name == job:
            raise JobFailed("The time was up.")
        return run_job(name, file, **options)

    with monkeypatch.context() as patch:
        patch.setattr(file_page, "run_job", too_slow)
        record = record_of(factories.pdf_file(["One", "Two"]))
    assert states(record) == [State.FAILED] * count
    call_command("draw_file_pages", verbosity=0)
    assert states(record) == [State.FAILED] * count
    call_command("draw_file_pages", again=True, verbosity=0)
    assert states(record) == [State.DRAWN] * 2


def test_pages_are_drawn_after_an_upgrade():
    record = record_of(factories.pdf_file(["One"]))
    text = record_of(BytesIO(b"Words"), name="words.txt")
    FilePage.objects.all().delete()
    SiteDocument.objects.update(sha256="")
    call_command("draw_file_pages", verbosity=0)
    assert (states(record), states(text)) == ([State.DRAWN], [])
    record.file.refresh_from_db()
    assert record.file.sha256 == record.file.compute_sha256() != ""
