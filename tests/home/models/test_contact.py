import re
from datetime import date, datetime, time, timedelta
from time import time as now

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from home.forms.contact import MessageForm
from home.models import ContactMessage, InboxKey, OutgoingMail
from tests.support import factories
from tests.support.contact import Clock, Sender
from tests.support.sealing import make_key, unseal

pytestmark = pytest.mark.django_db

WORDS = "They stopped me on Grand Avenue."


@pytest.fixture
def page():
    return factories.make_contact(to_address="editors@example.org")


def address(page):
    return f"/contact-message/{page.pk}/"


def typed(**fields):
    """Return the form data of a person who took some time to write."""
    signer = MessageForm.signer
    made_at = signer.sign(str(int(now()) - 60))
    return {"your_message": WORDS, MessageForm.MADE: made_at} | fields


def test_a_message_is_stored_and_its_sender_thanked(client, page):
    response = client.post(address(page), typed(), follow=True)
    assert "Thank you for writing." in response.content.decode()
    assert response.redirect_chain == [(f"{page.url}thanks/", 303)]
    assert ContactMessage.objects.get().form_data == {"your_message": WORDS, "how_can_we_reach_you": ""}


def test_the_foot_of_a_page_leads_to_the_form_which_names_the_page(client, page):
    event = factories.make_event(title="A meeting")
    (link,) = re.findall(
        r'href="([^"]+)"[^>]*>Something wrong on this page', client.get(event.url).content.decode()
    )
    form = client.get(link).content.decode()
    assert "Your message is about the page “A meeting”." in form
    assert "Something wrong on this page" not in form
    (about,) = re.findall(rf'name="{MessageForm.ABOUT}" value="(\d+)"', form)
    again = client.post(address(page), typed(your_message="", **{MessageForm.ABOUT: about}))
    assert "“A meeting”" in again.content.decode()
    client.post(address(page), typed(**{MessageForm.ABOUT: about}))
    message = ContactMessage.objects.get()
    assert message.answers[-1] == ("About the page", f"A meeting, {event.full_url}")
    assert message.beginning == WORDS


@pytest.mark.parametrize("about", ["x", "9" * 30, "<b>", "draft", "private"])
def test_a_message_names_no_page_that_is_not_public(client, page, about):
    if about in ("draft", "private"):
        hidden = factories.make_event(live=about == "private")
        hidden.view_restrictions.create(restriction_type="login")
        about = str(hidden.pk)
        form = client.get(f"{page.url}about/{about}/").content.decode()
        assert hidden.title not in form
        assert "Send the message" in form
    client.post(address(page), typed(**{MessageForm.ABOUT: about}))
    assert MessageForm.ABOUT not in ContactMessage.objects.get().form_data


def test_no_response_sets_a_cookie_or_may_be_cached(client, page):
    for response in (
        client.get(page.url),
        client.post(address(page), typed()),
        client.get(f"{page.url}thanks/"),
    ):
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "same-origin"


def test_a_request_that_is_too_large_is_answered_in_words(client, page):
    response = client.post(address(page), typed(your_message="x" * 6_000_000))
    assert response.status_code == 413
    assert "Please go back, shorten it and try again." in response.content.decode()


def test_a_missing_answer_brings_the_form_back_as_typed(client, page):
    response = client.post(address(page), typed(your_message="", how_can_we_reach_you="by telephone"))
    assert response.status_code == 422
    assert "by telephone" in response.content.decode()
    assert not ContactMessage.objects.exists()
    assert sum(field.field.required for field in page.get_form(page=page).visible_questions) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {MessageForm.EMPTY: "https://example.com"},
        {MessageForm.MADE: ""},
        {MessageForm.MADE: "forged:1"},
        {MessageForm.MADE: MessageForm.signer.sign(str(2**40))},
    ],
)
def test_a_suspected_program_gets_the_form_back_as_typed(client, page, fields):
    response = client.post(address(page), typed(**fields))
    assert response.status_code == 422
    assert WORDS in response.content.decode()
    assert not ContactMessage.objects.exists()


def test_the_errors_lead_to_the_form(client, page):
    """Above the form, the page has more than a phone's screen of text."""
    html = client.post(address(page), typed(your_message="www.a.example " * 11)).text
    link = re.search(r'<a href="#([^"]+)">What you wrote is still below', html)[1]
    assert re.search(rf'<textarea[^>]* id="{link}"', html)


def test_the_form_that_comes_back_can_be_sent(client, page):
    again = client.post(address(page), typed(**{MessageForm.MADE: ""})).content.decode()
    made_at = again.partition('name="made-at" value="')[2].partition('"')[0]
    assert MessageForm.signer.unsign(made_at)


@pytest.mark.parametrize(
    "headers", [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_message_from_another_site_is_refused_and_kept_in_the_form(client, page, headers):
    response = client.post(address(page), typed(), headers=headers)
    assert response.status_code == 403
    assert WORDS in response.content.decode()
    assert not ContactMessage.objects.exists()


def test_a_message_from_this_site_is_accepted_from_any_browser(client, page):
    client.post(
        address(page), typed(), headers={"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    )
    assert ContactMessage.objects.count() == 1


@pytest.mark.parametrize(("fetch_site", "status"), [("same-origin", 303), ("cross-site", 403)])
def test_a_null_origin_is_accepted_from_the_same_site(client, page, fetch_site, status):
    headers = {"origin": "null", "sec-fetch-site": fetch_site}
    assert client.post(address(page), typed(), headers=headers).status_code == status


@pytest.mark.parametrize(
    ("mode", "shown", "hidden"),
    [
        ("form", "message-form", "Thank you for writing."),
        ("landing", "Thank you for writing.", "message-form"),
    ],
)
def test_both_previews_show_what_a_visitor_will_see(page, mode, shown, hidden):
    html = page.make_preview_request(preview_mode=mode).render().content.decode()
    assert shown in html
    assert hidden not in html


def test_a_draft_contact_page_accepts_no_message(client, page):
    page.unpublish()
    assert client.post(address(page), typed()).status_code == 404


def test_opening_the_url_of_the_form_redirects_to_the_page(client, page):
    assert client.get(address(page)).url == page.url


def test_only_the_day_is_stored(client, page):
    client.post(address(page), typed(), REMOTE_ADDR="203.0.113.9", headers={"user-agent": "Planted/1.0"})
    row = ContactMessage.objects.values().get()
    day = timezone.localtime(row["submit_time"])
    assert (day.hour, day.minute, day.second, day.microsecond) == (0, 0, 0, 0)
    assert "203.0.113.9" not in str(row)
    assert "Planted" not in str(row)


def test_no_mail_is_sent_while_the_sender_waits(client, page):
    client.post(address(page), typed())
    assert not mail.outbox


def test_the_announcement_does_not_quote_the_message(client, page):
    client.post(address(page), typed(how_can_we_reach_you="at home"))
    call_command("send_message_notices")
    (notice,) = mail.outbox
    assert notice.to == ["editors@example.org"]
    assert "/admin/messages/" in notice.body
    assert WORDS not in notice.message().as_string()
    assert "at home" not in notice.message().as_string()


def test_a_message_is_announced_once(client, page):
    client.post(address(page), typed())
    call_command("send_message_notices")
    call_command("send_message_notices")
    assert len(mail.outbox) == 1


def test_a_failing_mail_server_does_not_affect_the_sender(client, page, settings):
    settings.EMAIL_BACKEND = "home.mail.outbox.OutboxBackend"
    settings.MAIL_TRANSPORT = "tests.home.models.test_contact.DeadMailServer"
    response = client.post(address(page), typed(), follow=True)
    call_command("send_message_notices")
    call_command("send_mail")
    assert "Thank you for writing." in response.content.decode()
    assert OutgoingMail.objects.count() == 1
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    OutgoingMail.objects.update(due_at=timezone.now())
    call_command("send_message_notices")
    call_command("send_mail")
    assert len(mail.outbox) == 1


def test_fifty_messages_arrive_once_each_while_no_mail_can_be_sent(client, page, settings, monkeypatch):
    settings.EMAIL_BACKEND = "home.mail.outbox.OutboxBackend"
    settings.MAIL_TRANSPORT = "tests.home.models.test_contact.DeadMailServer"
    clock = Clock(monkeypatch)
    for number in range(50):
        sender = Sender(page, f"Message {number}.").open()
        clock.forward(minutes=2)
        assert sender.send()
        assert "Thank you for writing." in client.get(f"{page.url}thanks/").content.decode()
        call_command("send_message_notices")
        call_command("send_mail", verbosity=0)
    texts = [message.form_data["your_message"] for message in ContactMessage.objects.order_by("pk")]
    assert texts == [f"Message {number}." for number in range(50)]
    assert not mail.outbox
    waiting = OutgoingMail.objects.count()
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    OutgoingMail.objects.update(due_at=timezone.now())
    call_command("send_mail", verbosity=0)
    assert len(mail.outbox) == waiting
    assert not OutgoingMail.objects.exists()


# Summer time begins or ends within the 90 days after the first two.
@pytest.mark.parametrize("day", [date(2026, 1, 20), date(2026, 9, 1), date(2026, 5, 1)])
@pytest.mark.parametrize(("after", "is_kept"), [(-1, True), (0, False), (1, False)])
@pytest.mark.parametrize("moment", [time.min, time.max])
def test_a_message_is_deleted_on_the_promised_day(page, monkeypatch, day, after, is_kept, moment):
    clock = Clock(monkeypatch)

    def set_clock(today, moment):
        clock.now = datetime.combine(today, moment, tzinfo=timezone.get_current_timezone())

    set_clock(day, time(23, 30))
    sender = Sender(page, WORDS).open()
    clock.forward(minutes=1)
    assert sender.send()
    promised = day + timedelta(days=page.keep_days)
    assert ContactMessage.objects.get().deletion_day == promised
    set_clock(promised + timedelta(days=after), moment)
    call_command("delete_old_messages", verbosity=0)
    assert ContactMessage.objects.exists() is is_kept


def test_a_message_is_stored_sealed_if_the_inbox_has_a_key(client, page):
    key = make_key()
    response = client.post(address(page), typed(how_can_we_reach_you="at home"), follow=True)
    assert "Thank you for writing." in response.content.decode()
    message = ContactMessage.objects.get()
    assert (message.form_data, message.key, message.answers, message.beginning) == ({}, key, [], "")
    assert unseal(message.sealed) == [["Your message", WORDS], ["How can we reach you", "at home"]]


def test_a_message_that_cannot_be_sealed_comes_back_as_typed_and_is_not_stored(client, page, caplog):
    InboxKey.objects.create(public="age1damaged", private="")
    response = client.post(address(page), typed(how_can_we_reach_you="at home"))
    assert response.status_code == 503
    html = response.content.decode()
    assert "could not be encrypted" in html
    assert WORDS in html
    assert "at home" in html
    assert not ContactMessage.objects.exists()
    assert "RecipientError" in caplog.text
    assert WORDS not in caplog.text


class DeadMailServer:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_a_new_contact_page_has_a_preview(admin_client):
    from home.models import ContactPage

    page = ContactPage(title="Write to us", slug="write", summary="A summary.", readers="The editors")
    page.path, page.depth = factories.make_home().path + "0099", 3
    page.set_url_path(factories.make_home())
    assert "Write to us" in page.make_preview_request().content.decode()
