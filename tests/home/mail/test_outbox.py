"""Mails are sent once each after the commit, whatever the mail server does."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from wagtail.models import Workflow, WorkflowPage

from home.mail import models as rules
from home.mail import outbox
from home.models import OutgoingMail
from tests.support import factories
from tests.support.mail import MailServer
from tests.support.people import member

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_BACKEND = "home.mail.outbox.OutboxBackend"


@pytest.fixture
def server(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 30
    server = MailServer()
    settings.EMAIL_PORT = server.port
    yield server
    server.close()


def write(to="editor@example.org", **fields):
    EmailMessage("Subject", "Words", "site@example.org", [to], **fields).send()


def due_again():
    OutgoingMail.objects.exclude(due_at=None).update(due_at=timezone.now())


def test_submitting_for_review_does_not_wait_for_a_hanging_server(server, client, settings):
    server.behavior, settings.EMAIL_TIMEOUT = "hanging", 0.2
    WorkflowPage.objects.create(page=factories.make_timeline(), workflow=Workflow.objects.first())
    moderator = member("Moderators")
    moderator.email = "moderator@example.org"
    moderator.save()
    event = factories.make_event(live=False)
    event.get_workflow().start(event, member("Contributors"))
    assert event.workflow_in_progress
    assert [kept.recipient for kept in OutgoingMail.objects.all()] == ["moderator@example.org"]
    assert server.connections == 0
    call_command("send_mail", verbosity=0)
    assert server.connections == 1
    assert OutgoingMail.objects.get().due_at > timezone.now()
    server.behavior = "kind"
    due_again()
    # The server is still busy with the connection that hangs.
    call_command("send_mail", verbosity=0)
    ((recipients, text),) = server.letters
    assert recipients == ("moderator@example.org",)
    assert f"/admin/pages/{event.pk}/edit/" in text
    assert not OutgoingMail.objects.exists()


def test_a_rollback_sends_no_mail():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    call_command("send_mail", verbosity=0)
    assert not mail.outbox


def test_a_mail_arrives_unchanged():
    message = EmailMultiAlternatives(
        "Grüße",
        "Words",
        "site@example.org",
        ["a@example.org"],
        cc=["c@example.org"],
        bcc=["b@example.org"],
        reply_to=["r@example.org"],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative("<p>Words</p>", "text/html")
    message.attach("table.csv", "a,b", "text/csv")
    message.attach("picture.png", b"\x89PNG", "image/png")
    message.send()
    call_command("send_mail", verbosity=0)
    assert [letter.recipients() for letter in mail.outbox] == [
        ["a@example.org"],
        ["c@example.org"],
        ["b@example.org"],
    ]
    for letter in mail.outbox:
        assert letter.subject == "Grüße"
        assert letter.to == ["a@example.org"]
        assert letter.reply_to == ["r@example.org"]
        assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
        assert [tuple(part) for part in letter.alternatives] == [("<p>Words</p>", "text/html")]
        assert [part[1] for part in letter.attachments] == ["a,b", b"\x89PNG"]
        assert "b@example.org" not in letter.message().as_string()
    assert len({letter.message()["Message-ID"] for letter in mail.outbox}) == 1


def test_characters_that_mail_cannot_hold_are_removed():
    EmailMessage("Ti\ud800tle", "A\ud800 b\x0bc\x00", "site@example.org", ["a@example.org"]).send()
    call_command("send_mail", verbosity=0)
    (letter,) = mail.outbox
    assert (letter.subject, letter.body) == ("Title", "A b\nc")


def test_a_wrong_address_does_not_stop_the_others(server):
    send_mail("Subject", "Words", "site@example.org", ["bad@example.org", "good@example.org"])
    write("later@example.org")
    call_command("send_mail", verbosity=0)
    assert [recipients for recipients, _text in server.letters] == [
        ("good@example.org",),
        ("later@example.org",),
    ]
    assert [kept.recipient for kept in OutgoingMail.objects.all()] == ["bad@example.org"]


def test_a_mail_that_makes_the_server_disconnect_does_not_stop_the_others(server):
    write("drop@example.org")
    write("good@example.org")
    for _run in range(2):
        call_command("send_mail", verbosity=0)
        due_again()
    assert [recipients for recipients, _text in server.letters] == [("good@example.org",)]
    assert [kept.recipient for kept in OutgoingMail.objects.all()] == ["drop@example.org"]


def test_a_mail_that_cannot_be_built_does_not_stop_the_others(server):
    send_mail("Two\nlines", "Words", "site@example.org", ["first@example.org"])
    write("second@example.org")
    call_command("send_mail", verbosity=0)
    assert [recipients for recipients, _text in server.letters] == [("second@example.org",)]


@pytest.mark.parametrize("behavior", ["hanging", "dripping", "leaving"])
def test_a_failing_server_is_tried_once_a_minute_and_logged_without_content(
    server, behavior, monkeypatch, caplog, settings
):
    server.behavior, settings.EMAIL_TIMEOUT = behavior, 0.2
    monkeypatch.setattr(outbox, "LONGEST", 0.5)
    write()
    write("other@example.org")
    with caplog.at_level(logging.INFO):
        for _run in range(3):
            call_command("send_mail", verbosity=0)
    assert server.connections == 1
    assert OutgoingMail.objects.count() == 2
    (line,) = [record.getMessage() for record in caplog.records if record.name == "home.mail.outbox"]
    assert "@" not in caplog.text
    assert "tried again" in line


def test_no_transaction_is_open_while_a_mail_is_sent(monkeypatch):
    write()
    depth, depths = len(connection.savepoint_ids), []

    def deliver(mail):
        depths.append(len(connection.savepoint_ids))

    monkeypatch.setattr(outbox, "deliver", deliver)
    assert outbox.send_due() == (1, 0)
    assert depths == [depth]


def test_one_process_sends_a_mail_and_another_retries_if_it_dies():
    write()
    pk = OutgoingMail.objects.get().pk
    assert OutgoingMail.objects.take(pk)
    assert OutgoingMail.objects.take(pk) is None
    assert outbox.send_due() == (0, 0)
    OutgoingMail.objects.update(due_at=timezone.now())
    assert outbox.send_due() == (1, 0)


def test_after_three_days_a_mail_is_given_up_emptied_and_listed(server, admin_client, client):
    write("bad@example.org")
    pauses = []
    for _try in range(6):
        due_again()
        call_command("send_mail", verbosity=0)
        kept = OutgoingMail.objects.get()
        pauses.append(round((kept.due_at - timezone.now()) / timedelta(minutes=1)))
    assert pauses == [1, 4, 16, 64, 240, 240]
    due_again()
    OutgoingMail.objects.update(made_at=timezone.now() - rules.GIVE_UP_AFTER)
    call_command("send_mail", verbosity=0)
    kept = OutgoingMail.objects.get()
    assert (kept.due_at, kept.content) == (None, {})
    assert "1 email could not be sent." in admin_client.get("/admin/").content.decode()
    page = admin_client.get("/admin/unsent-mails/").content.decode()
    assert "bad@example.org" in page
    assert admin_client.post("/admin/unsent-mails/").status_code == 302
    assert not OutgoingMail.objects.exists()
    client.force_login(member("Moderators"))
    assert client.get("/admin/unsent-mails/").status_code == 302
    assert "could not be sent" not in client.get("/admin/").content.decode()


def test_mails_that_were_given_up_are_listed_for_a_month():
    write()
    OutgoingMail.objects.update(due_at=None, made_at=timezone.now() - rules.LISTED_FOR)
    call_command("send_mail", verbosity=0)
    assert not OutgoingMail.objects.exists()


def test_a_sent_mail_is_not_sent_again_when_the_database_is_busy(monkeypatch):
    write()
    delete, tries = OutgoingMail.delete, []

    def busy(kept):
        tries.append(kept)
        if len(tries) < 3:
            raise OperationalError
        return delete(kept)

    monkeypatch.setattr(OutgoingMail, "delete", busy)
    monkeypatch.setattr(outbox, "close_old_connections", lambda: None)
    monkeypatch.setattr(outbox.time, "sleep", lambda seconds: None)
    assert outbox.send_due() == (1, 0)
    assert len(mail.outbox) == 1
    assert not OutgoingMail.objects.exists()
