"""A copy of a page has what it needs, runs nothing, and costs no more than its limits."""

import errno
import gzip
import time
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from warcio.archiveiterator import ArchiveIterator

from home.copies import capture as capturing
from home.copies import storage
from home.copies.capture import Doubt, capture
from home.external_links import public_addresses
from home.external_links.fetching import FetchError, Reason
from home.files.child import JobFailed
from home.models import KeptCopy
from home.tasks import keep_copy
from tests.support import factories

pytestmark = pytest.mark.django_db
HTML = {"Content-Type": "text/html; charset=utf-8"}
STORY = "In 2018, the city's program ended for most people. " * 20


@pytest.fixture(autouse=True)
def _hurry(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(capturing, "PAUSE", 0)


def serve(site, path, content, status=200, **headers):
    """Let another site answer with content and headers."""
    content = content.encode() if isinstance(content, str) else content

    def answer(file):
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        file.write("\r\n".join([*lines, "", ""]).encode() + content)

    site.pages[path] = answer


def page(site, body=f"<article>{STORY}</article>", head="", path="/story"):
    content = f"<!doctype html><html><head><title>A  story</title>{head}</head><body>{body}</body></html>"
    serve(site, path, content, Content_Type="text/html; charset=utf-8")
    return site.url + path


def records(content):
    found = []
    for record in ArchiveIterator(BytesIO(content)):
        found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record))
        record.kept = record.content_stream().read()
    return found


def paths(site, content):
    return [url.removeprefix(site.url) for kind, url, _record in records(content) if kind == "response"]


def test_a_copy_has_the_page_its_styles_and_images(other_site):
    address = page(
        other_site,
        head='<link rel="stylesheet" href="/a.css"><style>p { background: url(tile.png) }</style>'
        '<script src="/evil.js"></script>',
        body=f'<p>{STORY}</p><img src="one.png"><img srcset="small.png 1x, big.png 2x">'
        '<iframe src="/frame"></iframe>',
    )
    serve(
        other_site, "/a.css", "@import 'more.css'; @font-face { src: url(f.woff2) }", Content_Type="text/css"
    )
    serve(other_site, "/more.css", "body { background: url('/deep.png') }", Content_Type="text/css")
    for name in ("tile", "one", "small", "deep"):
        serve(other_site, f"/{name}.png", b"\x89PNG", Content_Type="image/png")
    found = capture(address)
    assert paths(other_site, found.content) == [
        *("/story", "/a.css", "/tile.png", "/one.png", "/small.png", "/more.css", "/deep.png"),
    ]
    assert found.doubt == Doubt.NONE
    asked = {path for _method, path, _headers in other_site.asked}
    assert not asked & {"/evil.js", "/frame", "/f.woff2", "/big.png"}


def test_a_record_has_the_headers_and_the_bytes_that_the_site_sent(other_site):
    address = page(other_site)
    [(_kind, _url, record)] = [each for each in records(capture(address).content) if each[0] == "response"]
    assert record.http_headers.get_statuscode() == "200"
    assert record.http_headers.get_header("Content-Type") == HTML["Content-Type"]
    assert b"In 2018, the city's program" in record.kept
    assert record.rec_headers.get_header("WARC-Date")
    assert record.rec_headers.get_header("WARC-Payload-Digest").startswith("sha1:")


def test_compressed_content_is_kept_plain(other_site):
    content = gzip.compress(f"<p>{STORY}</p>".encode())
    serve(other_site, "/story", content, Content_Type="text/html", Content_Encoding="gzip")
    [(_kind, _url, record)] = [
        each for each in records(capture(f"{other_site.url}/story").content) if each[0] == "response"
    ]
    assert record.http_headers.get_header("Content-Encoding") is None
    assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert record.kept.startswith(b"<p>In 2018")


def test_redirects_are_kept_so_that_the_cited_address_leads_to_the_page(other_site):
    other_site.pages["/old"] = 301, {"Location": "/story"}
    page(other_site)
    found = capture(f"{other_site.url}/old")
    assert paths(other_site, found.content) == ["/old", "/story"]
    assert found.page.url == f"{other_site.url}/story"


def test_the_words_are_readable_and_without_scripts(other_site):
    address = page(
        other_site,
        body="<nav>Menu</nav><h1>Title &amp; <em>more</em></h1>\n<p>One\n line.</p><ul><li>A<li>B</ul>"
        "<script>alert(1)</script><style>p {}</style><noscript>No</noscript><!-- hidden -->"
        "<p>Two<br>three</p>",
    )
    found = capture(address)
    assert found.title == "A story"
    assert found.text.split("\n\n") == ["Title & more", "One line.", "A", "B", "Two", "three"]
    assert [record.kept for kind, _url, record in records(found.content) if kind == "conversion"] == [
        found.text.encode()
    ]


def test_a_pdf_is_kept_with_its_words(other_site):
    serve(
        other_site,
        "/minutes.pdf",
        factories.pdf_file(["Minutes of May"]).read(),
        Content_Type="application/pdf",
    )
    found = capture(f"{other_site.url}/minutes.pdf")
    assert "Minutes of May" in found.text


@pytest.mark.parametrize(
    ("head", "body", "doubt"),
    [
        ("", "<div id=app></div>", Doubt.BARE),
        (
            '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>',
            f"<p>{STORY}</p>",
            Doubt.PAID,
        ),
        ("", f'<p>{STORY}</p><img src="/gone.png">', Doubt.PARTS),
    ],
)
def test_an_editor_is_told_if_a_copy_may_lack_something(other_site, head, body, doubt):
    assert capture(page(other_site, body, head)).doubt == doubt


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, Reason.GONE), (403, Reason.CLOSED), (402, Reason.CLOSED), (500, Reason.ERROR), (429, Reason.BUSY)],
)
def test_a_page_that_is_not_there_is_not_kept(other_site, status, reason):
    other_site.pages["/story"] = status
    with pytest.raises(FetchError) as failed:
        capture(f"{other_site.url}/story")
    assert failed.value.reason == reason


def test_robots_are_refused_by_page_and_left_out_by_part(other_site):
    other_site.pages["/robots.txt"] = b"User-agent: *\nDisallow: /closed"
    with pytest.raises(FetchError) as failed:
        capture(page(other_site, path="/closed"))
    assert failed.value.reason == Reason.ROBOTS
    found = capture(page(other_site, f'<p>{STORY}</p><img src="/closed.png">'))
    assert (paths(other_site, found.content), found.doubt) == (["/story"], Doubt.PARTS)
    assert "GET /closed.png" not in other_site.paths


def test_a_page_leads_our_server_to_no_private_address(other_site, monkeypatch):
    """All names of the test lead to this machine, so that only numbers can be private."""
    address = page(
        other_site, f'<p>{STORY}</p><img src="http://10.0.0.1/admin"><img src="file:///etc/passwd">'
    )
    seen = []

    def is_public(ip):
        seen.append(ip)
        return len(seen) < 3

    monkeypatch.setattr(public_addresses, "is_public", is_public)
    found = capture(address)
    assert (paths(other_site, found.content), found.doubt) == (["/story"], Doubt.PARTS)


def test_parts_of_several_stylesheets_are_bounded_together(other_site, monkeypatch):
    monkeypatch.setattr(capturing, "MAX_PARTS", 4)
    for name in ("a", "b"):
        images = "".join(f"p{{background:url(/{name}{number}.png)}}" for number in range(9))
        serve(other_site, f"/{name}.css", images, Content_Type="text/css")
        for number in range(9):
            serve(other_site, f"/{name}{number}.png", b"PNG", Content_Type="image/png")
    head = '<link rel="stylesheet" href="/a.css"><link rel="stylesheet" href="/b.css">'
    copied = paths(other_site, capture(page(other_site, head=head)).content)
    assert len([path for path in copied if str(path).endswith((".css", ".png"))]) == 4


def test_parts_are_bounded_in_number_bytes_and_time(other_site, monkeypatch):
    images = "".join(f'<img src="/{number}.png">' for number in range(500))
    address = page(other_site, f"<p>{STORY}</p>{images}")
    for number in range(500):
        serve(other_site, f"/{number}.png", b"x" * 1000, Content_Type="image/png")
    assert len(paths(other_site, capture(address).content)) == 1 + 60
    monkeypatch.setattr(capturing, "LARGEST", 40_000)
    assert 10 < len(paths(other_site, capture(address).content)) < 40
    monkeypatch.setattr(capturing, "TIME_LIMIT", 0.5)
    serve(other_site, "/3.png", b"")
    other_site.pages["/3.png"] = lambda file: time.sleep(2)
    begun = time.monotonic()
    assert len(paths(other_site, capture(address).content)) < 60
    assert time.monotonic() - begun < 10


def test_a_large_page_is_refused(other_site, monkeypatch):
    monkeypatch.setattr(capturing, "LARGEST_PAGE", 1000)
    with pytest.raises(FetchError) as failed:
        capture(page(other_site))
    assert failed.value.reason == Reason.LARGE


def test_a_page_that_takes_its_reader_down_is_kept_as_it_came(other_site, monkeypatch):
    """It is parsed in the child process, which ends at its limits."""

    def run_job(*args, **options):
        raise JobFailed

    monkeypatch.setattr(capturing, "run_job", run_job)
    found = capture(page(other_site))
    assert (paths(other_site, found.content), found.text) == (["/story"], "")
    assert found.doubt == Doubt.UNREADABLE


def test_a_deep_page_is_read(other_site):
    found = capture(page(other_site, "<div>" * 3000 + STORY))
    assert STORY.strip() in found.text


def test_the_task_stores_the_copy_privately(other_site, tmp_path):
    copy = KeptCopy.objects.ask_for(page(other_site))
    keep_copy.call(copy.pk)
    copy.refresh_from_db()
    assert (copy.state, copy.status, copy.title, copy.is_shown) == ("kept", 200, "A story", False)
    assert ["Content-Type", HTML["Content-Type"]] in copy.headers
    stored = tmp_path / "copies" / copy.file.name
    assert sha256(stored.read_bytes()).hexdigest() == copy.sha256
    assert (stored.stat().st_size, stored.stat().st_mode & 0o077) == (copy.size, 0)


def test_the_task_says_why_there_is_no_copy(other_site):
    copy = KeptCopy.objects.ask_for(f"{other_site.url}/gone")
    keep_copy.call(copy.pk)
    copy.refresh_from_db()
    assert (copy.state, copy.reason, copy.file.name) == ("failed", Reason.GONE, "")


def test_a_fault_of_ours_is_no_copy_either(monkeypatch):
    copy = KeptCopy.objects.ask_for("https://a.example/")
    monkeypatch.setattr("home.copies.models.capture", lambda address: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        keep_copy.call(copy.pk)
    copy.refresh_from_db()
    assert copy.state == "failed"


def test_a_full_disk_leaves_neither_a_copy_nor_half_a_file(other_site, tmp_path, monkeypatch):
    copy = KeptCopy.objects.ask_for(page(other_site))

    def chunks(self):
        yield b"half a file"
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ContentFile, "chunks", chunks)
    with pytest.raises(OSError, match="No space"):
        keep_copy.call(copy.pk)
    copy.refresh_from_db()
    assert (copy.state, list((tmp_path / "copies").iterdir())) == ("failed", [])


def test_odd_headers_are_kept(other_site):
    lines = [b"HTTP/1.1 200 Fine", b"X-Name: na\xefve \xff", b"Set-Cookie: a=1", b"Set-Cookie: b=2"]
    lines += [b"Content-Type: text/html; charset=nonsense", b"", STORY.encode()]
    other_site.pages["/story"] = lambda file: file.write(b"\r\n".join(lines))
    found = capture(f"{other_site.url}/story")
    [(_kind, _url, record)] = [each for each in records(found.content) if each[0] == "response"]
    assert record.kept == STORY.encode()
    assert [value for name, value in record.http_headers.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert STORY.strip() in found.text


def test_the_file_is_deleted_with_its_row(other_site, tmp_path, django_capture_on_commit_callbacks):
    copy = KeptCopy.objects.ask_for(page(other_site))
    keep_copy.call(copy.pk)
    assert len(list((tmp_path / "copies").iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        KeptCopy.objects.all().delete()
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_copy_that_was_deleted_meanwhile_leaves_no_file(other_site, tmp_path):
    copy = KeptCopy.objects.ask_for(page(other_site))
    KeptCopy.objects.all().delete()
    copy.fetch()
    keep_copy.call(copy.pk)
    assert not (tmp_path / "copies").exists()
    assert not KeptCopy.objects.exists()


def test_an_address_is_copied_once_at_a_time():
    assert KeptCopy.objects.ask_for("https://a.example/")
    assert KeptCopy.objects.ask_for("https://a.example/") is None
    KeptCopy.objects.update(asked_at="2024-01-01T00:00Z")
    assert KeptCopy.objects.ask_for("https://a.example/")


def test_addresses_are_kept_as_they_were_requested_so_that_archives_find_them(other_site):
    """A browser sends neither the part after "#" nor plain spaces."""
    page(other_site, f'<p>{STORY}</p><img src="a picture.png"><img src="/ü.png">', path="/a%20story")
    other_site.pages["/old"] = 301, {"Location": "/a story#start"}
    for path in ("/a%20picture.png", "/%C3%BC.png"):
        serve(other_site, path, b"\x89PNG", Content_Type="image/png")
    found = capture(f"{other_site.url}/old#top")
    assert paths(other_site, found.content) == ["/old", "/a%20story", "/a%20picture.png", "/%C3%BC.png"]
    assert found.doubt == Doubt.NONE


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("text/html; version=1; charset=iso-8859-1", "Café"),
        ('TEXT/HTML;charset="ISO-8859-1"', "Café"),
        ("", "Caf"),
        ("image/png", ""),
    ],
)
def test_words_are_read_as_browsers_do(other_site, kind, words):
    content = f"<p>Café</p><p>{STORY}</p>".encode("iso-8859-1")
    serve(other_site, "/story", content, **({"Content_Type": kind} if kind else {}))
    text = capture(f"{other_site.url}/story").text
    assert (text[: len(words)], bool(text)) == (words, bool(words))


@pytest.mark.postgres
def test_what_no_database_holds_is_left_out(other_site, monkeypatch):
    def answer(file):
        file.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Odd: a\0b\xed\xa0\x80\r\n\r\n")
        file.write(b"<title>A\0&#xd800;\xed\xa0\x80story</title><p>" + STORY.encode() + b"\0 &#xdfff;")

    other_site.pages["/story"] = answer
    copy = KeptCopy.objects.ask_for(f"{other_site.url}/story")
    keep_copy.call(copy.pk)
    copy.refresh_from_db()
    assert copy.state == "kept"
    assert dict(copy.headers)["X-Odd"].startswith("ab")


def test_copies_leave_room_on_the_disk(other_site, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "SPARE", 2**60)
    copy = KeptCopy.objects.ask_for(page(other_site))
    with pytest.raises(OSError, match="No space"):
        keep_copy.call(copy.pk)
    copy.refresh_from_db()
    assert (copy.state, (tmp_path / "copies").exists()) == ("failed", False)
