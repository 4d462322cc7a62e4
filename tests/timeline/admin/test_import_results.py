"""The result of an import, and undoing it as a whole."""

import json
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import GroupPagePermission, PageLogEntry

from home.models import SiteImage, User
from tests.support import factories
from timeline.exchange.references import downloads
from timeline.models import EventCategory, EventImport, EventPage, EventSource

pytestmark = pytest.mark.django_db

# An id of ours, which no other site can have given.
ID = "0b5e7c1e-8a4f-4b7e-9d3c-2f6a1e5d4c3b"


@pytest.fixture
def timeline():
    return factories.make_timeline()


@pytest.fixture
def editor(client, timeline):
    client.force_login(User.objects.create_superuser("rosa"))
    return client


def slide(identity, title, **record):
    """Return an exported event with a source, so that it may be published."""
    own = {
        "unique_id": identity,
        "title": title,
        "date": "2019-05-03",
        "summary": f"{title}.",
        "category": {"name": "Protest"},
        "sources": [{"title": f"Minutes of {title}"}],
    }
    return {"lead_watch": own | record}


def take_in(client, timeline, *slides, **options):
    """Upload a file, import it, and return the result page."""
    file = SimpleUploadedFile("events.json", json.dumps({"events": slides}).encode())
    sent = client.post("/admin/event-exchange/", {"timeline": timeline.pk, "file": file} | options)
    assert sent.status_code == 302, sent.context["form"].errors
    fingerprint = client.get(sent.url).context["plan"].fingerprint
    return client.post(sent.url, {"fingerprint": fingerprint}, follow=True)


def undo(client):
    """Undo the latest import, and return the text of the next page."""
    number = EventImport.objects.latest("done_at").pk
    asked = client.get(f"/admin/event-exchange/{number}/undo/", follow=True).content.decode()
    done = client.post(f"/admin/event-exchange/{number}/undo/", follow=True).content.decode()
    return asked + done


def state():
    """Return the content of each event, published and in the latest draft."""
    return {
        event.unique_id: [
            (each.title, each.slug, each.summary, [source.title for source in each.sources.all()])
            for each in (event, event.latest())
        ]
        + [event.live, event.has_unpublished_changes]
        for event in EventPage.objects.all()
    }


def test_a_result_has_its_own_url_and_lists_the_changes(editor, timeline):
    factories.make_event(timeline, title="Hearing", unique_id=ID)
    page = take_in(editor, timeline, slide(ID, "Hearing"), slide("b", "Vigil"), publish="on")
    text = page.content.decode()
    number = EventImport.objects.get().pk
    assert page.request["PATH_INFO"] == f"/admin/event-exchange/{number}/result/"
    for words in ("events.json", "By rosa", "Hearing", "Vigil", "Undo this import"):
        assert words in text
    assert f"{number}/result/" in editor.get("/admin/event-exchange/").content.decode()
    assert editor.get(f"/admin/event-exchange/{number}/").url == page.request["PATH_INFO"]


def test_the_file_is_deleted_after_the_import(editor, timeline):
    take_in(editor, timeline, slide("a", "Vigil"))
    assert bytes(EventImport.objects.get().content) == b""


@pytest.mark.parametrize("publish", [{}, {"publish": "on"}])
def test_undoing_reverts_everything(editor, timeline, publish):
    ids = {name: str(uuid4()) for name in ("draft", "live", "both", "vigil")}
    draft = factories.make_event(timeline, title="Draft", unique_id=ids["draft"], live=False)
    live = factories.make_event(timeline, title="Live", unique_id=ids["live"], date="2019-05-03")
    both = factories.make_event(timeline, title="Both", unique_id=ids["both"], date="2019-05-03")
    for event in (draft, live):
        event.save_revision()
        if event.live:
            event.get_latest_revision().publish()
    both.summary = "A draft of mine."
    both.save_revision(user=User.objects.get(username="rosa"))
    before = state()
    rows = [
        slide(ids[name], f"New {name}", date="2019-05-03", slug=f"new-{name}")
        for name in ("live", "both", "vigil")
    ]
    rows.append(slide(ids["draft"], "Draft", summary="Other words."))
    take_in(editor, timeline, *rows, **publish)
    after = state()
    assert all(after[name] != before[name] for name in before)
    assert EventCategory.objects.filter(name="Protest").exists()
    asked = undo(editor)
    assert "event that it created will be deleted permanently" in asked
    assert "The import was undone." in asked
    assert state() == before
    assert not EventCategory.objects.filter(name="Protest").exists()
    assert PageLogEntry.objects.filter(action="wagtail.delete", user__username="rosa").count() == 1
    assert PageLogEntry.objects.filter(action="wagtail.revert").exists()
    assert "This import was undone on" in undo(editor)
    if publish:
        response = editor.get(EventPage.objects.get(unique_id=ids["live"]).url)
        assert "Live" in response.content.decode()
        assert "Minutes of" not in response.content.decode()


def change(event):
    event.title = "Changed"
    event.save_revision(user=User.objects.create_user("ana"), log_action=True)


def overwrite(event):
    """Save into the latest revision, as Wagtail's autosave does."""
    event.title = "Changed"
    user = User.objects.get(username="rosa")
    event.save_revision(user=user, overwrite_revision=event.latest_revision)


def link(event):
    words = f'<p><a linktype="page" id="{event.pk}">See</a></p>'
    factories.make_concern(title="Linking", body=[{"type": "text", "value": words}])


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (change, "was changed by ana"),
        (overwrite, "was changed by rosa"),
        (lambda event: event.save_revision().publish(), "was changed by"),
        (lambda event: event.create_alias(update_slug="again"), "has a copy or a translation"),
        (link, "“Linking” links to an event that this import made."),
    ],
)
def test_an_import_cannot_be_undone_after_later_changes(editor, timeline, act, why):
    take_in(editor, timeline, slide("a", "Vigil"), slide("b", "March"))
    act(EventPage.objects.get(unique_id="a"))
    before = state()
    text = undo(editor)
    assert why in text
    assert "The import was undone." not in text
    assert state() == before


def test_what_other_pages_use_is_not_deleted(editor, timeline, monkeypatch):
    monkeypatch.setattr(downloads, "fetch", lambda url: factories.image_file().read())
    media = {"media": {"url": "https://example.org/a.jpg"}, "group": "Protest"}
    row = {"start_date": {"year": 2019}, "text": {"headline": "Vigil"}} | media
    take_in(editor, timeline, row, with_pictures="on")
    image, category = SiteImage.objects.get(), EventCategory.objects.get(name="Protest")
    other = factories.make_event(timeline, title="Mine", category=category, live=False)
    other.lead_image = image
    other.save_revision()
    assert "The import was undone." in undo(editor)
    assert EventPage.objects.get() == other
    assert SiteImage.objects.get() == image
    assert EventCategory.objects.filter(pk=category.pk).exists()


def test_unused_images_are_deleted_with_their_events(editor, timeline, monkeypatch):
    monkeypatch.setattr(downloads, "fetch", lambda url: factories.image_file().read())
    media = {"url": "https://example.org/a.jpg"}
    take_in(
        editor,
        timeline,
        {"start_date": {"year": 2019}, "text": {"headline": "Vigil"}, "media": media},
        with_pictures="on",
    )
    assert SiteImage.objects.exists()
    undo(editor)
    assert not SiteImage.objects.exists()
    assert not EventPage.objects.exists()


def test_undoing_removes_the_eras_of_the_import(editor, timeline):
    start, end = {"year": 2018}, {"year": 2019}
    era = {"start_date": start, "end_date": end, "text": {"headline": "A term"}}
    content = json.dumps({"events": [slide("a", "Vigil")], "eras": [era]}).encode()
    sent = editor.post(
        "/admin/event-exchange/",
        {"timeline": timeline.pk, "file": SimpleUploadedFile("x.json", content), "publish": "on"},
    )
    fingerprint = editor.get(sent.url).context["plan"].fingerprint
    editor.post(sent.url, {"fingerprint": fingerprint})
    timeline.refresh_from_db()
    assert [era.headline for era in timeline.eras.all()] == ["A term"]
    assert "The import was undone." in undo(editor)
    timeline.refresh_from_db()
    assert not timeline.eras.all()
    assert timeline.live
    assert not timeline.has_unpublished_changes


def test_undoing_needs_the_permission_to_delete(editor, client, timeline):
    take_in(editor, timeline, slide("a", "Vigil"), publish="on")
    number = EventImport.objects.get().pk
    group = Group.objects.create(name="Some")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    member = User.objects.create_user("member")
    member.groups.add(group)
    client.force_login(member)
    for name in ("result", "undo"):
        assert client.get(f"/admin/event-exchange/{number}/{name}/").status_code in (302, 403)
        assert client.post(f"/admin/event-exchange/{number}/{name}/").status_code in (302, 403, 405)
    for name in ("add", "change"):
        permission = Permission.objects.get(codename=f"{name}_page", content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=timeline, permission=permission)
    client.force_login(User.objects.get(pk=member.pk))
    assert "You may not delete “Vigil”" in undo(client)
    assert EventPage.objects.live().exists()


def test_submitting_twice_imports_once(editor, timeline):
    file = SimpleUploadedFile("events.json", json.dumps({"events": [slide("a", "Vigil")]}).encode())
    sent = editor.post("/admin/event-exchange/", {"timeline": timeline.pk, "file": file})
    fingerprint = editor.get(sent.url).context["plan"].fingerprint
    first, second = (editor.post(sent.url, {"fingerprint": fingerprint}) for _time in range(2))
    assert first.url == second.url
    assert EventPage.objects.count() == 1


def test_undoing_restores_the_sources_of_an_event(editor, timeline):
    event = factories.make_event(
        timeline, title="Live", unique_id=ID, sources=[EventSource(title="One"), EventSource(title="Two")]
    )
    event.save_revision().publish()
    take_in(editor, timeline, slide(ID, "Live"), publish="on")
    assert [source.title for source in EventPage.objects.get().sources.all()] == ["Minutes of Live"]
    undo(editor)
    assert [source.title for source in EventPage.objects.get().sources.all()] == ["One", "Two"]
