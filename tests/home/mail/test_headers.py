"""Nothing that somebody typed becomes a header or a recipient of a mail."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from wagtail.models import Workflow, WorkflowPage

from home.forms.contact import MessageForm
from home.models import OutgoingMail, User
from tests.support import factories
from tests.support.contact import Clock, Sender
from tests.support.people import member

pytestmark = pytest.mark.django_db

INJECTIONS = [
    "a@example.org\r\nBcc: evil@evil.example",
    "a@example.org\nBcc: evil@evil.example",
    "a@example.org\rTo: evil@evil.example",
    "a@example.org\r\n\r\nevil@evil.example",
    "a@example.org\x0bBcc: evil@evil.example",
    "a@example.org\u2028Bcc: evil@evil.example",
    "a@example.org%0d%0aBcc:evil@evil.example",
    "=?utf-8?q?a=0d=0aBcc:_evil=40evil.example?=",
    "a@example.org, evil@evil.example",
    '"a"<evil@evil.example>',
]
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted"}
HEADERS |= {"Content-Transfer-Encoding"}


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.EMAIL_BACKEND = "home.mail.outbox.OutboxBackend"


def letters():
    """Send what is queued, and return the mails as their recipients get them."""
    call_command("send_mail", verbosity=0)
    assert not OutgoingMail.objects.exists()
    for letter in mail.outbox:
        message = letter.message()
        assert set(message.keys()) <= HEADERS
        assert "evil" not in " ".join(f"{message['To']} {message['From']} {letter.recipients()}").lower()
        yield message


@pytest.mark.parametrize("injection", INJECTIONS)
@pytest.mark.parametrize("field", ["your_message", "how_can_we_reach_you", MessageForm.MADE])
def test_a_message_changes_no_mail(client, monkeypatch, field, injection):
    clock = Clock(monkeypatch)
    page = factories.make_contact(to_address="editors@example.org")
    sender = Sender(page, **{"your_message": "Words."} | {field: injection}).open()
    clock.forward(minutes=1)
    if field == MessageForm.MADE:
        assert not sender.send(**{field: injection})
        clock.forward(minutes=1)
    assert sender.send()
    call_command("send_message_notices")
    (letter,) = letters()
    assert (letter["To"], letter["Subject"]) == ("editors@example.org", "New message")
    assert "evil" not in letter.as_string()


@pytest.mark.parametrize("injection", INJECTIONS)
def test_an_address_for_a_new_password_adds_no_recipient(client, injection):
    User.objects.create_user("a", "a@example.org", "secret words")
    client.post("/admin/password_reset/", {"email": injection})
    assert all(letter["To"] == "a@example.org" for letter in letters())


@pytest.mark.parametrize("injection", INJECTIONS)
def test_a_title_changes_no_mail(injection):
    WorkflowPage.objects.create(page=factories.make_timeline(), workflow=Workflow.objects.first())
    moderator = member("Moderators")
    moderator.email = "moderator@example.org"
    moderator.save()
    event = factories.make_event(live=False, title=injection)
    event.get_workflow().start(event, member("Contributors"))
    (letter,) = letters()
    assert letter["To"] == "moderator@example.org"
    assert letter["Subject"].endswith(" submitted something for your review.")
    assert "evil" not in letter.as_string()


# A list of addresses is valid.
@pytest.mark.parametrize("injection", [text for text in INJECTIONS if "," not in text])
def test_the_contact_page_accepts_only_addresses_as_recipients(injection):
    page = factories.make_contact()
    page.to_address = injection
    with pytest.raises(ValidationError):
        page.save()
