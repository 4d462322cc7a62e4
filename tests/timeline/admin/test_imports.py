"""Taking events in through the admin, as an editor does it."""

import json
from io import BytesIO

import openpyxl
import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import resolve
from wagtail.models import GroupPagePermission

from home.models import User
from tests.support import factories
from tests.support.import_screens import FILE, confirm, send
from timeline.admin import imports
from timeline.exchange.imports import applying
from timeline.models import EventImport, EventPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def timeline():
    return factories.make_timeline()


@pytest.fixture
def editor(client, timeline):
    """A client signed in as a superuser."""
    client.force_login(User.objects.create_superuser("editor"))
    return client


def member(client, timeline, *permissions):
    """Sign the client in as a user with these permissions on the timeline."""
    group = Group.objects.create(name="Some")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for name in permissions:
        permission = Permission.objects.get(codename=f"{name}_page", content_type__app_label="wagtailcore")
        GroupPagePermission.objects.create(group=group, page=timeline, permission=permission)
    user = User.objects.create_user("member")
    user.groups.add(group)
    client.force_login(user)
    return client


def look(client, sent):
    """Upload a file, and return the URL of its preview and the text."""
    assert sent.status_code == 302, sent.context["form"].errors
    page = client.get(sent.url)
    return page, page.content.decode()


def test_a_preview_shows_the_changes_and_saves_nothing(editor, timeline):
    page, text = look(editor, send(editor, timeline))
    for words in ("First", "Its time of day is kept for exports", "Ides of March", "-44", "Third"):
        assert words in text
    assert not EventPage.objects.exists()
    assert page["Content-Security-Policy"]


def test_imported_events_are_drafts(editor, timeline):
    done = confirm(editor, send(editor, timeline))
    assert "2 events are new." in done.content.decode()
    first, third = EventPage.objects.in_time_order()
    assert (first.title, first.live, first.owner.username) == ("First", False, "editor")
    assert (third.category.name, third.category.live) == ("Protest", True)


def test_a_new_row_in_an_exported_table_is_imported_completely(editor, timeline):
    category = factories.make_category("funding")
    concern = factories.make_concern(slug="secret")
    table = (
        "Unique ID,Headline,Date,Summary,Place,Category,Concerns,Sources\r\n"
        ',Vote,"October 23, 2018",The board votes.,City Hall,funding,secret,Minutes | City of New Haven\r\n'
    )
    file = SimpleUploadedFile("events.csv", table.encode())
    sent = editor.post("/admin/event-exchange/", {"timeline": timeline.pk, "file": file})
    confirm(editor, sent)
    event = EventPage.objects.get().latest()
    assert (event.title, event.when, event.summary) == ("Vote", "October 23, 2018", "The board votes.")
    assert (event.place, event.category) == ("City Hall", category)
    assert [each.slug for each in event.concerns.all()] == [concern.slug]
    assert [str(source) for source in event.sources.all()] == ["Minutes (City of New Haven)"]
    again = editor.post(
        "/admin/event-exchange/",
        {"timeline": timeline.pk, "file": SimpleUploadedFile("events.csv", table.encode())},
    )
    assert "This file contains nothing new." in look(editor, again)[1]


def test_the_same_file_again_changes_nothing(editor, timeline):
    confirm(editor, send(editor, timeline))
    _page, text = look(editor, send(editor, timeline))
    assert "This file contains nothing new." in text


def test_the_lists_show_the_changes_of_an_imported_draft(editor, timeline):
    confirm(editor, send(editor, timeline))
    changed = {"unique_id": "a", "start_date": {"year": 2011}, "text": {"headline": "Renamed"}}
    sent = send(editor, timeline, {"events": [changed]})
    confirm(editor, sent, query="?unsure=change")
    row = EventPage.objects.get(unique_id="a")
    assert (row.title, str(row.date), row.live) == ("Renamed", "2011", False)
    assert "Renamed" in editor.get("/admin/timeline/eventpage/?year=2011").content.decode()


def test_an_event_without_a_source_stays_a_draft_and_the_preview_says_so(editor, timeline):
    sent = send(editor, timeline, publish="on")
    assert "Stays a draft, since it has no source." in look(editor, sent)[1]
    confirm(editor, sent)
    assert not EventPage.objects.live().exists()


def test_our_own_file_can_be_published(editor, timeline):
    factories.make_event(title="Sourced")
    content = editor.get(f"/admin/event-exchange/{timeline.pk}.json").getvalue()
    EventPage.objects.all().delete()
    confirm(editor, send(editor, timeline, content, publish="on"))
    assert EventPage.objects.live().get().title == "Sourced"


def test_nothing_is_imported_if_something_changed_since_the_preview(editor, timeline):
    sent = send(editor, timeline)
    page, _text = look(editor, sent)
    old = page.context["plan"].fingerprint
    factories.make_event(unique_id="a", title="Meanwhile")
    answer = editor.post(sent.url, {"fingerprint": old})
    assert "Something has changed since this preview" in answer.content.decode()
    assert EventPage.objects.count() == 1


def test_an_import_that_fails_saves_nothing(editor, timeline, monkeypatch):
    sent = send(editor, timeline)
    page, _text = look(editor, sent)
    save = applying.save_event

    def fail_at_the_last(plan, row, *args):
        if row.title == "Third":
            raise ValidationError("Somebody took it away.")
        save(plan, row, *args)

    monkeypatch.setattr(applying, "save_event", fail_at_the_last)
    done = editor.post(sent.url, {"fingerprint": page.context["plan"].fingerprint}, follow=True)
    assert "Nothing was imported. Somebody took it away." in done.content.decode()
    assert not EventPage.objects.exists()
    assert EventImport.objects.exists()


def test_canceling_deletes_the_file(editor, timeline):
    sent = send(editor, timeline)
    assert confirm(editor, sent, cancel="").status_code == 200
    assert not EventImport.objects.exists()
    assert not EventPage.objects.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"Name\r\nA\r\n", b"PK\x03\x04", b"\x00\x01"])
def test_an_unreadable_file_is_an_error_of_the_field(editor, timeline, content):
    answer = send(editor, timeline, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]


@pytest.mark.parametrize("verification", ["maybe", 7, None, ["x"]])
@pytest.mark.parametrize(
    "body", [[{"type": "text"}], [{"type": "spell", "value": 1}], "words", [1], {"a": 1}]
)
def test_a_broken_row_is_refused_with_the_reason(editor, timeline, verification, body):
    record = {"unique_id": "x", "title": "Broken", "verification": verification, "body": body}
    slide = {"start_date": {"year": 2017}, "lead_watch": record}
    page, text = look(editor, send(editor, timeline, {"events": [slide]}))
    assert page.context["plan"].rows[0].problem
    assert "Refused" in text


def test_scripts_in_a_text_are_not_imported(editor, timeline):
    factories.make_event(unique_id="x", body=json.dumps([{"type": "text", "value": "<p>Words</p>"}]))
    content = editor.get(f"/admin/event-exchange/{timeline.pk}.json").getvalue()
    hostile = content.replace(b"<p>Words</p>", b"<p>Words<script>alert(1)</script><img src=x onerror=y></p>")
    assert hostile != content
    confirm(editor, send(editor, timeline, hostile, publish="on"))
    body = str(EventPage.objects.get().latest().body)
    assert "Words" in body
    assert "script" not in body
    assert "onerror" not in body


def test_users_who_may_not_add_events_cannot_import(client, timeline):
    sent = send(member(client, timeline, "change"), timeline)
    assert sent.status_code in (302, 403)
    assert not EventImport.objects.exists()
    assert client.get(f"/admin/event-exchange/{timeline.pk}.json").status_code in (302, 403)
    assert not timeline.get_children().exists()


def test_users_who_may_not_publish_have_no_such_option(client, timeline):
    contributor = member(client, timeline, "add")
    text = contributor.get("/admin/event-exchange/").content.decode()
    assert "Publish the events" not in text
    assert "Download images" not in text
    for slug in ("other", "protest"):
        factories.make_category(slug)
    done = confirm(contributor, send(contributor, timeline, publish="on", with_pictures="on"))
    assert "2 events are new." in done.content.decode()
    assert EventPage.objects.count() == 2
    assert not EventPage.objects.live().exists()


def test_users_who_may_not_add_categories_import_none(client, timeline):
    contributor = member(client, timeline, "add")
    factories.make_category("other")
    _page, text = look(contributor, send(contributor, timeline))
    assert "There is no category “Protest”, and you may not make one." in text
    confirm(contributor, send(contributor, timeline))
    assert EventPage.objects.get().title == "First"


def test_events_that_the_user_may_not_edit_are_refused(client, timeline):
    factories.make_event(unique_id="a", title="Theirs")
    contributor = member(client, timeline, "add")
    _page, text = look(contributor, send(contributor, timeline))
    assert "You may not change this event" in text


def test_an_upload_is_only_visible_to_its_user(editor, timeline):
    sent = send(editor, timeline)
    editor.force_login(User.objects.create_superuser("other"))
    assert editor.get(sent.url).status_code == 404


def test_the_list_of_events_links_to_the_import(editor, timeline):
    assert 'href="/admin/event-exchange/"' in editor.get("/admin/timeline/eventpage/").content.decode()


def test_a_file_that_becomes_unreadable_is_reported_at_the_form(editor, timeline, monkeypatch):
    def fail(*args, **options):
        raise imports.UnreadableFile("It takes too long.")

    sent = send(editor, timeline)
    monkeypatch.setattr(imports, "read_file", fail)
    assert "It takes too long." in editor.get(sent.url, follow=True).content.decode()


def test_the_command_does_the_same(tmp_path, timeline, capsys):
    path = tmp_path / "events.json"
    path.write_text(json.dumps(FILE))
    call_command("import_events", "timeline", path, dry_run=True)
    assert not EventPage.objects.exists()
    call_command("import_events", "timeline", path)
    assert EventPage.objects.count() == 2
    said = capsys.readouterr().out
    assert "2 aside: Ides of March. Its year, -44" in said
    assert "create: 2, change: 0, same: 0, aside: 1, refuse: 0" in said
    with pytest.raises(CommandError, match="/timeline/"):
        call_command("import_events", "nowhere", path)
    with pytest.raises(CommandError):
        call_command("import_events", "timeline", tmp_path / "none.json")


def test_an_import_by_a_contributor_does_not_change_the_timeline(client, timeline):
    factories.make_category("protest")
    start = {"start_date": {"year": 2018}}
    file = {
        "events": [start | {"text": {"headline": "Vigil"}, "group": "Protest"}],
        "eras": [start | {"end_date": {"year": 2019}, "text": {"headline": "A term"}}],
    }
    before = timeline.revisions.count()
    sent = send(member(client, timeline, "add"), timeline, file)
    _page, text = look(client, sent)
    assert "Only the events are imported" in text
    confirm(client, sent)
    assert EventPage.objects.get().title == "Vigil"
    assert timeline.revisions.count() == before


def test_drafts_by_others_are_exported_for_users_who_may_read_them(client, timeline):
    factories.make_event(timeline, title="Not yet", live=False)
    member(client, timeline, "add")
    assert "All events as they stand" not in client.get("/admin/event-exchange/").content.decode()
    assert client.get(f"/admin/event-exchange/{timeline.pk}.json").status_code in (302, 403)


def test_drafts_by_somebody_else_are_not_published_by_an_import(editor, timeline):
    event = factories.make_event(timeline, title="Live")
    event.summary = "Half of a sentence"
    event.save_revision(user=User.objects.create_superuser("colleague"))
    content = editor.get(f"/admin/event-exchange/{timeline.pk}.json").getvalue()
    content = content.replace(b'"Live"', b'"Renamed"')
    sent = send(editor, timeline, content, publish="on")
    assert "Stays a draft, since somebody else has begun to change it." in look(editor, sent)[1]
    confirm(editor, sent)
    event.refresh_from_db()
    assert (event.title, event.summary) == ("Live", "A summary.")
    assert event.get_latest_revision_as_object().title == "Renamed"


@pytest.mark.parametrize("extension", ["json", "csv", "xlsx"])
def test_a_draft_without_a_date_is_exported(editor, timeline, extension):
    factories.make_event(timeline, title="Dated")
    undated = factories.make_event(timeline, title="Undated", live=False)
    factories.unfinished(undated, "date", "category")
    content = editor.get(f"/admin/event-exchange/{timeline.pk}.{extension}").getvalue()
    if extension == "xlsx":
        sheet = openpyxl.load_workbook(BytesIO(content)).active
        content = repr(list(sheet.values)).encode()
    assert b"Undated" in content
    assert b"Dated" in content


@pytest.mark.parametrize(
    "address", ["event-exchange/{}.csv", "timeline/eventpage/{}/", "home/documentpage/{}/"]
)
def test_an_id_too_large_for_the_database_is_not_found(editor, timeline, address):
    assert editor.get(f"/admin/{address.format(10**30)}", follow=True).status_code == 404
    assert editor.get(f"/admin/like-events/?title=a&date=2016&pk={10**30}").status_code == 200


@pytest.mark.parametrize("address", ["", "1/", "1/undo/"])
def test_files_are_read_outside_of_a_transaction(address):
    view = resolve(f"/admin/event-exchange/{address}").func
    assert "default" in view._non_atomic_requests


def test_nothing_is_imported_if_a_changed_field_was_edited_since_the_preview(editor, timeline):
    event = factories.make_event(timeline, title="Vigil", unique_id="a", date="2019", summary="At first.")
    record = {"unique_id": "a", "title": "Vigil", "date": "2019", "summary": "By the file."}
    sent = send(editor, timeline, {"events": [{"lead_watch": record}]})
    page, _text = look(editor, sent)
    event.summary = "By a colleague."
    event.save_revision()
    answer = editor.post(sent.url, {"fingerprint": page.context["plan"].fingerprint})
    assert "Something has changed since this preview" in answer.content.decode()
    assert EventPage.objects.get().latest().summary == "By a colleague."


def test_a_table_from_elsewhere_may_have_unique_ids_of_its_own(editor, timeline):
    table = b"Year,Month,Headline,Text,Group,Unique ID\n2019,5,Vigil,At the Green.,Protest,1\n"
    confirm(editor, send(editor, timeline, table))
    event = EventPage.objects.get().latest()
    assert (event.unique_id, str(event.date), event.summary, event.category.name) == (
        "1",
        "2019-05",
        "At the Green.",
        "Protest",
    )
    confirm(editor, send(editor, timeline, table.replace(b"2019,5", b"2019,6")))
    assert str(EventPage.objects.get().latest().date) == "2019-06"


def test_exported_rows_are_matched_without_their_ids(editor, timeline):
    factories.make_event(timeline, title="Vigil", date="2019-05-03", summary="At the Green.")
    table = "Unique ID,Year,Month,Day,Headline,Text,Summary\n,2019,5,3,Vigil,At the Green.,At the Green.\n"
    page, text = look(editor, send(editor, timeline, table.encode()))
    assert "since date, title and text are the same" in text
    assert not page.context["plan"].asks
