import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import ModelLogEntry

from home.admin.front import panel
from home.models import ContactMessage, InboxKey, MessageNote
from home.sealing.files import seal
from leadwatch.groups import set_up_groups
from tests.support import factories
from tests.support.sealing import ENCRYPTED, PUBLIC, make_key, send, unseal

pytestmark = pytest.mark.django_db

SCREEN, EARLIER = reverse("inbox_key"), reverse("reseal_messages")
OTHER = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
WORDS = "They stopped me on Grand Avenue."


@pytest.fixture
def page():
    return factories.make_contact()


@pytest.fixture
def administrator(client, page, django_user_model):
    user = django_user_model.objects.create_superuser("administrator")
    client.force_login(user)
    return user


def logged():
    entries = ModelLogEntry.objects.filter(action__regex=r"^home\.(inbox_key|message)\.")
    return list(entries.order_by("pk").values_list("action", flat=True))


def notices(user):
    request = RequestFactory().get("/admin/")
    request.user = user
    found = panel.collect("register_notice", request)
    return [notice.words for notice in found if notice.count and notice.url == SCREEN]


def post(client, public=PUBLIC, private=ENCRYPTED):
    return client.post(SCREEN, {"public": public, "private": private}, follow=True).content.decode()


def test_an_administrator_seals_the_inbox_with_all_messages_and_notes_in_it(client, administrator, page):
    message = send(page, WORDS)
    MessageNote.objects.create(message=message, text="Call back on Monday.")
    assert "The inbox was sealed." in post(client)
    key = InboxKey.objects.get()
    assert (key.public, key.private, key.made_by) == (PUBLIC, ENCRYPTED, administrator)
    message.refresh_from_db()
    note = message.notes.get()
    assert (message.form_data, message.key, note.key) == ({}, key, key)
    assert unseal(message.sealed)[0] == ["Your message", WORDS]
    assert unseal(note.text) == "Call back on Monday."
    assert logged() == ["home.inbox_key.make"]


@pytest.mark.parametrize(
    "fields",
    [
        {"public": ""},
        {"public": "age1pq1abc"},
        {"private": ""},
        # Never the private key itself.
        {"private": "AGE-SECRET-KEY-1AP664XNLD04MJ5NVE50UDQYGCJFHQ42MLDJSMQ44L3GJACT8CXJQTF6X70"},
        {"private": seal("x", PUBLIC)},
    ],
)
def test_a_wrong_key_is_refused(client, administrator, fields):
    assert "The key was not saved." in post(client, **fields)
    assert not InboxKey.objects.exists()


def test_the_passphrase_is_changed_by_storing_the_same_key_encrypted_anew(client, administrator):
    key = make_key()
    anew = ENCRYPTED.replace("U0bWQ2", "U0bWQ3")
    assert "The passphrase of the inbox was changed." in post(client, private=anew)
    key.refresh_from_db()
    assert key.private == anew
    assert logged() == ["home.inbox_key.passphrase"]


def test_a_replaced_key_seals_new_messages_and_is_kept_until_none_needs_the_earlier_one(
    client, administrator, page
):
    key = make_key()
    message = send(page, WORDS)
    note = MessageNote.objects.create(message=message, text=seal("Monday", PUBLIC), key=key)
    assert "The key of the inbox was replaced." in post(client, public=OTHER)
    new = InboxKey.objects.current()
    assert new.public == OTHER
    assert send(page, "Later").key == new
    assert notices(administrator) == ["1 message is sealed with an earlier key."]
    (row,) = client.get(EARLIER).json()["messages"]
    assert row["pk"] == message.pk
    assert [(part["name"], part["key"]) for part in row["parts"]] == [
        (f"message-{message.pk}", key.pk),
        (f"note-{note.pk}", key.pk),
    ]
    sealed = seal("anew", OTHER)
    client.post(EARLIER, {"key": new.pk, f"message-{message.pk}": sealed})
    assert InboxKey.objects.count() == 2  # The note still needs it.
    assert "All messages are sealed with the current key." not in client.get(SCREEN).text
    client.post(EARLIER, {"key": new.pk, f"note-{note.pk}": sealed})
    assert InboxKey.objects.get() == new
    message.refresh_from_db()
    assert (message.sealed, message.key, message.notes.get().text) == (sealed, new, sealed)
    assert "All messages are sealed with the current key." in client.get(SCREEN).text
    assert client.get(EARLIER).json() == {"messages": []}
    assert notices(administrator) == []
    assert logged() == ["home.inbox_key.replace", "home.message.reseal"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, PUBLIC, "The inbox was sealed."),
        (PUBLIC, OTHER, "The key of the inbox was replaced."),
        (PUBLIC, PUBLIC, "The passphrase of the inbox was changed."),
    ],
)
def test_administrators_are_told_of_each_change_of_the_key(
    client, administrator, page, django_user_model, before, after, words
):
    django_user_model.objects.filter(pk=administrator.pk).update(email="own@example.org")
    make = django_user_model.objects.create_superuser
    make("other", "other@example.org")
    make("gone", "gone@example.org", is_active=False)
    django_user_model.objects.create_user("editor", "editor@example.org")
    if before:
        InboxKey.objects.create(public=before, private=ENCRYPTED)
    post(client, private="damaged")
    assert mail.outbox == []
    post(client, public=after)
    bodies = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(bodies) == {"own@example.org", "other@example.org"}
    assert all(words in body and "If you did not expect this" in body for body in bodies.values())
    assert "administrator did this." in bodies["other@example.org"]
    assert "while signed in to your account" in bodies["own@example.org"]
    assert not any("AGE" in body or PUBLIC in body for body in bodies.values())


def test_a_replaced_key_that_sealed_nothing_is_deleted_at_once(client, administrator):
    make_key()
    post(client, public=OTHER)
    assert InboxKey.objects.get().public == OTHER


@pytest.mark.parametrize("text", ["", "plain words", ENCRYPTED])
def test_nothing_plain_replaces_a_sealed_message(client, administrator, page, text):
    make_key()
    message = send(page, WORDS)
    post(client, public=OTHER)
    data = {"key": InboxKey.objects.current().pk, f"message-{message.pk}": text}
    assert client.post(EARLIER, data).status_code == 422
    assert ContactMessage.objects.get().sealed == message.sealed


def test_nothing_is_sealed_with_a_key_that_was_replaced_meanwhile(client, administrator, page):
    key = make_key()
    message = send(page, WORDS)
    post(client, public=OTHER)
    data = {"key": key.pk, f"message-{message.pk}": seal("x", PUBLIC)}
    assert client.post(EARLIER, data).status_code == 409


def test_messages_come_in_batches_that_can_be_resumed(client, administrator, page):
    make_key()
    numbers = [send(page, WORDS).pk for _ in range(45)]
    post(client, public=OTHER)
    found, after = [], ""
    while rows := client.get(EARLIER, {"after": after}).json()["messages"]:
        assert len(rows) <= 20
        found += [row["pk"] for row in rows]
        after = found[-1]
    assert found == numbers


@pytest.mark.parametrize("group", ["Contributors", "Editors", "Moderators"])
def test_only_administrators_use_these_screens(client, page, django_user_model, group):
    set_up_groups(factories.make_home())
    user = django_user_model.objects.create_user(group)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    for method in (client.get, client.post):
        for address in (SCREEN, EARLIER):
            assert method(address).url == "/admin/"
    assert notices(user) == []


def test_the_title_says_what_the_screen_is_for(client, administrator):
    assert "<title>Seal the inbox" in client.get(SCREEN).text
    make_key()
    assert "<title>Passphrase and key" in client.get(SCREEN).text


def test_administrators_are_advised_to_seal_the_inbox(administrator):
    (words,) = notices(administrator)
    assert "Seal the inbox" in words
    make_key()
    assert notices(administrator) == []


def test_no_screen_contains_a_private_key_that_is_not_encrypted(client, administrator, page):
    make_key()
    send(page, WORDS)
    html = client.get(SCREEN).content.decode()
    assert "BEGIN AGE ENCRYPTED FILE" in html
    assert "AGE-SECRET-KEY" not in html
