"""Editors keep copies of what a page cites, and those who may publish decide what visitors read of them."""

import json
import re
from hashlib import sha256
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import resolve, reverse
from wagtail.models import ModelLogEntry

from home.admin.copies import of_sources
from home.copies import storage
from home.copies.storage import CopiesStorage
from home.external_links.fetching import Reason
from home.files.child import JobFailed
from home.models import ExternalLink, FigureSource, KeptCopy, User
from home.tasks import read_copy
from tests.support import factories
from tests.support.active_files import ACTIVE
from timeline.models import EventSource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]
URL = "https://news.example/story"


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """Return the keys of the copies that the task worker is to fetch."""
    keys = []
    monkeypatch.setattr(of_sources, "keep_copy", SimpleNamespace(enqueue=keys.append))
    monkeypatch.setattr(of_sources, "read_copy", SimpleNamespace(enqueue=read_copy.call))
    return keys


@pytest.fixture
def event():
    return factories.make_event(sources=[EventSource(title="A story", url=URL)])


def sign_in(client, group):
    user = User.objects.create_user(group)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


def screen(page):
    return reverse("copies_of_page", args=[page.pk])


def words(response):
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(text.split())


def keep(client, page, **data):
    return words(client.post(screen(page), {"address": URL, "fetch": "1"} | data, follow=True))


def upload(client, page, content, name):
    data = {"address": URL, "upload": "1", "file": ContentFile(content, name=name)}
    return words(client.post(screen(page), data, follow=True))


def wacz(parts=None, **changes):
    """Return a WACZ file with one record, or with other content than its list says."""
    files = {
        "archive/data.warc.gz": b"a record",
        "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n{"url": "%s", "text": "What it says"}'
        % URL.encode(),
    } | (parts or {})
    listed = [
        {"name": name, "path": name, "hash": f"sha256:{sha256(content).hexdigest()}"}
        for name, content in files.items()
    ]
    files["datapackage.json"] = json.dumps({"resources": listed}).encode()
    output = BytesIO()
    with ZipFile(output, "w") as archive:
        for name, content in (files | changes).items():
            if content is not None:
                archive.writestr(name, content)
    return output.getvalue()


def test_the_form_of_a_page_leads_to_its_sources_and_their_copies(client, event):
    sign_in(client, "Editors")
    assert screen(event) in client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    found = words(client.get(screen(event)))
    assert "A story" in found
    assert "Keep a copy" in found


def test_an_editor_asks_for_a_copy_once(client, event, asked):
    user = sign_in(client, "Editors")
    assert "A copy is being fetched." in keep(client, event)
    copy = KeptCopy.objects.get()
    assert (copy.address, copy.asked_by, asked) == (URL, user, [copy.pk])
    assert "is being fetched already" in keep(client, event)
    assert len(asked) == 1


def test_the_source_of_a_draft_can_be_copied_and_of_a_figure(client, event, asked):
    sign_in(client, "Editors")
    event.sources = [EventSource(title="Another", url="https://draft.example/")]
    event.save_revision()
    assert "being fetched" in keep(client, event, address="https://draft.example/")
    figure = factories.make_figure()
    figure.sources = [FigureSource(title="A count", url="https://count.example/")]
    figure.save_revision().publish()
    address = reverse("copies_of_figure", args=[figure.pk])
    client.post(address, {"address": "https://count.example/", "fetch": "1"})
    assert len(asked) == 2


@pytest.mark.parametrize(
    "address", ["https://other.example/", "http://169.254.169.254/", "file:///etc/passwd", ""]
)
def test_our_server_asks_no_address_that_is_not_cited(client, event, asked, address):
    sign_in(client, "Editors")
    assert "Nothing here cites this address any longer." in keep(client, event, address=address)
    assert (asked, KeptCopy.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        (Reason.ROBOTS, "Open the page, save it as a PDF, and upload it."),
        (Reason.CLOSED, "It may want a subscription or an account."),
        (Reason.GONE, "Look for it at an archive."),
        (Reason.SLOW, "Try again later."),
        ("", "Something went wrong on our side."),
    ],
)
def test_an_editor_reads_why_there_is_no_copy_and_what_to_do(client, event, reason, advice):
    sign_in(client, "Editors")
    KeptCopy.objects.create(address=URL, kind="fetched", state="failed", reason=reason)
    found = words(client.get(screen(event)))
    assert advice in found
    assert str(Reason(reason).label if reason else "") in found


def test_a_copy_that_never_came_can_be_asked_for_again(client, event, asked):
    sign_in(client, "Editors")
    KeptCopy.objects.create(address=URL, kind="fetched", asked_at="2024-01-01T00:00Z")
    assert "It did not finish. Try it again." in words(client.get(screen(event)))
    assert "A copy is being fetched." in keep(client, event)


def test_a_pdf_is_uploaded_without_what_it_says_about_its_author(client, event):
    sign_in(client, "Editors")
    content = factories.pdf_file(["The story as printed"]).read()
    assert "The copy is kept." in upload(client, event, content, "story.pdf")
    copy = KeptCopy.objects.get()
    assert (copy.kind, copy.state, copy.extension, copy.is_shown) == ("uploaded", "kept", "pdf", False)
    assert "The story as printed" in copy.text
    assert sha256(copy.file.read()).hexdigest() == copy.sha256


def test_a_wacz_is_kept_as_it_is_with_its_words(client, event):
    sign_in(client, "Editors")
    content = wacz()
    assert "The copy is kept." in upload(client, event, content, "Story.WACZ")
    copy = KeptCopy.objects.get()
    assert (copy.file.read(), copy.text, copy.extension) == (content, "What it says", "wacz")


def test_a_screenshot_is_written_again(client, event):
    sign_in(client, "Editors")
    content = factories.image_file("shot.png").read()
    assert "The copy is kept." in upload(client, event, content, "shot.png")
    assert KeptCopy.objects.get().extension == "png"


@pytest.mark.parametrize(
    ("content", "name", "answer"),
    [
        (b"<html>", "story.html", "Upload a PDF, a WACZ file, or a screenshot"),
        (b"<html>", "story.pdf", "is not a PDF, or it is damaged"),
        (b"no image", "shot.png", "This image is damaged."),
        (b"no zip", "story.wacz", "This WACZ file is damaged"),
        (wacz(**{"archive/data.warc.gz": b"another"}), "story.wacz", "This WACZ file is damaged"),
        (wacz(**{"datapackage.json": None}), "story.wacz", "This WACZ file is damaged"),
        (wacz(**{"../evil": b"x"}), "story.wacz", "This WACZ file is damaged"),
        (wacz(**{"evil.exe": b"x"}), "story.wacz", "This WACZ file is damaged"),
        (b"", "empty.pdf", "empty"),
    ],
)
def test_other_files_are_refused_in_words(client, event, content, name, answer):
    sign_in(client, "Editors")
    assert answer in upload(client, event, content, name)
    assert not KeptCopy.objects.exists()


def test_a_pdf_with_a_program_is_refused(client, event):
    sign_in(client, "Editors")
    _extension, content, _words = ACTIVE["JavaScript on opening"]
    assert "This PDF has in it: a program" in upload(client, event, content, "story.pdf")
    assert not KeptCopy.objects.exists()


def test_a_full_disk_is_told_and_nothing_is_kept(client, event, asked, monkeypatch):
    sign_in(client, "Editors")
    monkeypatch.setattr(storage, "SPARE", 2**60)
    assert "The server’s disk is full" in upload(client, event, wacz(), "story.wacz")
    assert "The server’s disk is full" in keep(client, event)
    # The disk may fill up at the last moment.
    monkeypatch.setattr(CopiesStorage, "has_room", lambda self: calls.append(1) or len(calls) < 2)
    calls = []
    assert "The server’s disk is full" in upload(client, event, wacz(), "story.wacz")
    assert (asked, KeptCopy.objects.exists()) == ([], False)


def test_others_can_write_while_an_upload_is_read(client, event):
    assert "default" in resolve(screen(event)).func._non_atomic_requests


def test_a_pdf_whose_words_take_too_long_is_kept_without_them(client, event, monkeypatch):
    sign_in(client, "Editors")

    def fail(*args):
        raise JobFailed

    monkeypatch.setattr("home.copies.models.read_text", fail)
    assert "The copy is kept." in upload(client, event, factories.pdf_file(["Words"]).read(), "story.pdf")
    assert (KeptCopy.objects.get().text, KeptCopy.objects.get().doubt) == ("", "unreadable")


def test_what_a_wacz_says_about_words_can_be_stored(client, event):
    sign_in(client, "Editors")
    pages = b'{"format": "json-pages-1.0"}\n{"text": "a\\u0000b\\ud800c\\u202ed"}'
    content = wacz({"pages/pages.jsonl": pages})
    assert "The copy is kept." in upload(client, event, content, "story.wacz")
    assert KeptCopy.objects.get().text == "abcd"


def test_copies_of_a_draft_are_listed_for_others_without_a_link_that_leads_nowhere(client, event):
    event.sources = [EventSource(title="Another", url="https://draft.example/")]
    event.save_revision()
    copy = factories.make_copy("https://draft.example/")
    address = reverse("kept_copy_admin", args=[copy.pk])
    for group, is_linked in (("Editors", False), ("Moderators", True)):
        sign_in(client, group)
        html = client.get(screen(event)).content.decode()
        assert "fetched by us" in html
        assert (address in html) == is_linked == (client.get(address).status_code == 200)


def test_who_may_publish_decides_whether_visitors_read_a_copy(client, event):
    copy = factories.make_copy(URL, text="What it says")
    address = reverse("kept_copy_admin", args=[copy.pk])
    sign_in(client, "Editors")
    assert "Show it to visitors" not in words(client.get(address))
    assert client.post(address, {"show": "1"}).status_code in (302, 403)
    copy.refresh_from_db()
    assert not copy.is_shown
    sign_in(client, "Moderators")
    found = words(client.get(address))
    assert "Others own what they wrote." in found
    assert "What it says" in found
    assert "Visitors can read this copy now." in words(client.post(address, {"show": "1"}, follow=True))
    assert "can ask for it" in words(client.post(address, {"hide": "1"}, follow=True))
    actions = list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["home.copy.show", "home.copy.hide"]


def test_what_is_not_kept_cannot_be_shown(client, event):
    sign_in(client, "Moderators")
    copy = KeptCopy.objects.create(address=URL, kind="fetched", state="failed")
    client.post(reverse("kept_copy_admin", args=[copy.pk]), {"show": "1"})
    copy.refresh_from_db()
    assert not copy.is_shown


def test_a_moderator_deletes_a_copy_with_its_file(client, event, django_capture_on_commit_callbacks):
    sign_in(client, "Moderators")
    copy = factories.make_copy(URL)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("kept_copy_admin", args=[copy.pk]), {"delete": "1"})
    assert not KeptCopy.objects.exists()
    assert not copy.file.storage.exists(copy.file.name)


def test_a_contributor_sees_copies_of_her_own_pages_alone(client, event):
    user = sign_in(client, "Contributors")
    factories.make_copy(URL)
    mine = factories.make_copy("https://mine.example/", asked_by=user)
    found = words(client.get(reverse("kept_copies")))
    assert mine.address in found
    assert URL not in found


def test_the_list_of_copies_is_filtered_by_state(client, event):
    sign_in(client, "Moderators")
    factories.make_copy(URL)
    KeptCopy.objects.create(address="https://gone.example/", kind="fetched", state="failed", reason="gone")
    found = words(client.get(reverse("kept_copies"), {"state": "failed"}))
    assert "https://gone.example/" in found
    assert "It is not there." in found
    assert URL not in found


def test_the_file_of_a_copy_is_downloaded_in_the_admin_and_kept_by_no_cache(client, event):
    sign_in(client, "Editors")
    copy = factories.make_copy(URL, b"a WARC file")
    response = client.get(reverse("kept_copy_admin_file", args=[copy.pk]))
    assert b"".join(response.streaming_content) == b"a WARC file"
    assert response["Cache-Control"].startswith("private, no-store")
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]


def test_the_report_of_dead_links_offers_what_we_hold(client, event):
    sign_in(client, "Editors")
    ExternalLink.objects.update(failures=3, reason=Reason.GONE, failing_since="2026-01-01T12:00Z")
    ExternalLink.objects.update(checked_at="2026-02-01T12:00Z")
    copy = factories.make_copy(URL)
    html = client.get(reverse("dead_links")).content.decode()
    assert reverse("kept_copy_admin", args=[copy.pk]) in html
    assert screen(event) in html
