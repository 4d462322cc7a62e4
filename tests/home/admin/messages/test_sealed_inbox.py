"""Without the passphrase, the screens of a sealed inbox contain no text of a message."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import ModelLogEntry

from home.models import ContactMessage, InboxKey, MessageNote
from home.sealing.files import seal
from tests.support import factories
from tests.support.people import member
from tests.support.sealing import PUBLIC, make_key, send, unseal

pytestmark = pytest.mark.django_db

WORDS = "They stopped me on Grand Avenue."


@pytest.fixture
def page():
    return factories.make_contact()


@pytest.fixture
def moderator(client, page):
    user = member("Moderators")
    client.force_login(user)
    return user


def last_action():
    return ModelLogEntry.objects.latest("pk").action


def test_a_plain_note_is_added_without_a_key(client, moderator, page):
    message = send(page, WORDS)
    client.post(reverse("add_note", args=[message.pk]), {"text": "Call back <b>on Monday</b>."})
    note = MessageNote.objects.get()
    assert (note.text, note.key, note.made_by) == ("Call back <b>on Monday</b>.", None, moderator)
    assert last_action() == "home.message.note"
    html = client.get(reverse("message", args=[message.pk])).content.decode()
    assert "Call back &lt;b&gt;on Monday" in html
    assert "The note is added." in html
    export = b"".join(client.get(reverse("export_messages", args=["csv"]))).decode()
    assert "Notes" in export
    assert "Call back <b>on Monday</b>." in export


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_an_empty_or_long_note_is_refused_in_words(client, moderator, page, text):
    message = send(page, WORDS)
    response = client.post(reverse("add_note", args=[message.pk]), {"text": text}, follow=True)
    assert "The note" in response.content.decode()
    assert not MessageNote.objects.exists()


def test_a_sealed_note_is_added_with_a_key(client, moderator, page):
    key = make_key()
    message = send(page, WORDS)
    sealed = seal("Monday", PUBLIC)
    response = client.post(reverse("add_note", args=[message.pk]), {"text": sealed, "key": key.pk})
    assert response.status_code == 204
    note = MessageNote.objects.get()
    assert (unseal(note.text), note.key) == ("Monday", key)


@pytest.mark.parametrize("fields", [{"text": "plain"}, {"text": "plain", "key": 1}, {"key": 10**9}, {}])
def test_a_note_is_never_stored_plain_in_a_sealed_inbox(client, moderator, page, fields):
    key = make_key()
    message = send(page, WORDS)
    fields = {name: key.pk if value == 1 else value for name, value in fields.items()}
    sent = {"text": seal("x", PUBLIC)} | fields
    response = client.post(reverse("add_note", args=[message.pk]), sent)
    assert response.status_code == 422
    # A screen from before the inbox was sealed shows this, so that nothing typed is lost.
    assert response["Content-Type"].startswith("text/plain")
    assert "Copy it" in response.text
    assert sent["text"] in response.text
    assert not MessageNote.objects.exists()


def test_the_screens_contain_only_sealed_text(client, moderator, page):
    make_key()
    message = send(page, WORDS)
    for address in (reverse("inbox"), reverse("message", args=[message.pk])):
        html = client.get(address).content.decode()
        assert "Grand Avenue" not in html
        assert "data-sealed=" in html
        assert "Passphrase of the inbox" in html
        assert "AGE-SECRET-KEY" not in html


def test_the_server_makes_no_spreadsheet_of_sealed_messages(client, moderator, page):
    make_key()
    send(page, WORDS)
    for extension in ("csv", "xlsx"):
        assert client.get(reverse("export_messages", args=[extension])).url == reverse("inbox")


def test_the_data_for_an_export_is_sealed_filtered_and_logged(client, moderator, page):
    key = make_key()
    first, second = send(page, "one"), send(page, "two")
    MessageNote.objects.create(message=first, text=seal("Monday", PUBLIC), key=key)
    ContactMessage.objects.filter(pk=second.pk).update(state="answered")
    data = client.get(reverse("sealed_messages")).json()
    assert [unseal(message["sealed"])[0][1] for message in data["messages"]] == ["two", "one"]
    assert unseal(data["messages"][1]["notes"][0]["sealed"]) == "Monday"
    assert last_action() == "home.message.export"
    data = client.get(reverse("sealed_messages"), {"state": "answered"}).json()
    assert [message["facts"][1] for message in data["messages"]] == ["Answered"]


def test_each_session_has_another_secret_for_its_tabs(client, moderator, page):
    make_key()

    def secret():
        return client.get(reverse("inbox")).context["tab_secret"]

    first = secret()
    assert len(first) > 40
    assert secret() == first
    client.logout()
    client.force_login(moderator)
    assert secret() != first


def test_a_key_without_messages_goes_when_the_last_ones_are_deleted(page):
    make_key()
    message = send(page, WORDS)
    InboxKey.objects.create(public=PUBLIC, private="")
    message.submit_time = "2020-01-01T00:00Z"
    message.save()
    call_command("delete_old_messages")
    assert InboxKey.objects.get().private == ""


def test_a_plain_message_in_a_sealed_inbox_is_sealed_later(page):
    send(page, WORDS)
    make_key()
    call_command("delete_old_messages")
    message = ContactMessage.objects.get()
    assert message.form_data == {}
    assert unseal(message.sealed)[0] == ["Your message", WORDS]
