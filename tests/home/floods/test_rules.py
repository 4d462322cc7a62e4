"""The contact form during floods: programs are stopped, and nobody's message is lost."""

import heapq
import random
from collections import Counter

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django.utils.html import escape

from home.forms.contact import LONGEST, MessageForm
from home.models import ContactMessage, Trace
from tests.support import factories
from tests.support.contact import Clock, Sender
from tests.support.people import member

pytestmark = pytest.mark.django_db

WORDS = ["they", "asked", "me", "to", "wait", "at", "the", "station", "and", "I", "said", "no", "to", "that"]


@pytest.fixture
def page():
    return factories.make_contact(to_address="editors@example.org")


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def words_of(number):
    """Return a text that differs from that of every other number."""
    return " ".join(random.Random(number).choices(WORDS, k=9))


def flood(page, clock, count=11):
    """Let programs send different messages, each five seconds after opening the form."""
    for number in range(count):
        sender = Sender(page, f"{number} {words_of(number)}").take_stamp()
        clock.forward(seconds=5)
        sender.send()


def test_a_form_sends_one_message(page, clock):
    sender = Sender(page, "The first.").open()
    clock.forward(minutes=1)
    assert sender.send()
    sender.fields["your_message"] = "The second."
    used = sender.stamp
    assert not sender.send()
    assert "A message was already sent from this page" in sender.html
    assert "The second." in sender.html
    assert sender.stamp != used
    clock.forward(seconds=4)
    assert sender.send()
    assert [message.form_data["your_message"] for message in ContactMessage.objects.order_by("pk")] == [
        "The first.",
        "The second.",
    ]


def test_sending_the_same_message_again_stores_it_once_and_thanks_again(page, clock):
    sender = Sender(page, "Only once.").open()
    clock.forward(seconds=5)
    assert [sender.send() for _time in range(3)] == [True, True, True]
    clock.forward(hours=11)
    assert sender.send()
    assert ContactMessage.objects.count() == 1


@pytest.mark.parametrize(("hours", "is_sent"), [(11.99, True), (12.01, False)])
def test_a_form_can_be_sent_for_twelve_hours(page, clock, hours, is_sent):
    sender = Sender(page, "Slowly.").open()
    clock.forward(hours=hours)
    assert sender.send() is is_sent
    if not is_sent:
        assert "more than 12 hours" in sender.html
        assert "Slowly." in sender.html
        clock.forward(seconds=4)
        assert sender.send()
    assert ContactMessage.objects.count() == 1


def test_a_form_that_came_back_too_early_need_not_be_waited_for_anew(page, clock):
    sender = Sender(page, "Quick.").open()
    clock.forward(seconds=2)
    assert not sender.send()
    clock.forward(seconds=2)
    assert sender.send()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"your_message": "x" * (LONGEST + 1)},
            "20,001 characters",
        ),
        ({"your_message": "x" * (LONGEST - 9), "how_can_we_reach_you": "x" * 10}, "20,001 characters"),
        ({"your_message": "x", "how_can_we_reach_you": "y" * 256}, "at most 255 characters (it has 256)"),
        ({"your_message": "x" * 1_000_000}, "1,000,000 characters"),
        ({"your_message": "https://a.example/b, " * 20}, "20 links"),
        ({"your_message": "www.a.example;" * 11}, "11 links"),
        ({"your_message": '<a href="a.example">b</a> ' * 11}, "11 links"),
        ({"your_message": "[url=a.example]b[/url]" * 11}, "11 links"),
        ({"your_message": "a.example/b " * 11}, "11 links"),
    ],
)
def test_what_is_too_long_comes_back_whole_and_says_why(page, clock, fields, words):
    sender = Sender(page, **fields).open()
    clock.forward(minutes=1)
    assert not sender.send()
    assert words in sender.html
    assert all(escape(text.strip()) in sender.html for text in fields.values())
    assert not ContactMessage.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "x" * LONGEST,
        "line\r\n" * 3999,
        "ñ" * LONGEST,
        "https://www.example.org/a/b?c=http " * 10,
        "I waited.Then they left. " * 40,
    ],
)
def test_what_a_person_may_write_is_stored(page, clock, text):
    sender = Sender(page, text).open()
    clock.forward(minutes=5)
    assert sender.send(), sender.html


def test_a_browser_does_not_cut_a_pasted_message(page):
    assert 'maxlength="20000"' not in Sender(page).open().html


def test_during_a_flood_those_who_write_quickly_wait_half_a_minute(page, clock):
    flood(page, clock)
    assert ContactMessage.objects.count() == 10
    slow, quick = Sender(page, "Written slowly.").open(), Sender(page, "Help me.")
    clock.forward(seconds=31)
    quick.open()
    clock.forward(seconds=5)
    assert slow.send()
    assert not quick.send()
    assert "Please wait half a minute, then send yours again." in quick.html
    assert "Help me." in quick.html
    waiting = quick.stamp
    clock.forward(seconds=20)
    assert not quick.send()
    assert quick.stamp == waiting
    clock.forward(seconds=11)
    assert quick.send()
    assert ContactMessage.objects.count() == 12


def test_a_flood_is_over_after_ten_minutes(page, clock):
    flood(page, clock)
    clock.forward(minutes=10)
    sender = Sender(page, "Quick.").open()
    clock.forward(seconds=4)
    assert sender.send()


def test_the_same_words_from_another_form_have_to_wait(page, clock):
    first, second = Sender(page, "Come at once!").open(), Sender(page, "COME, at once").open()
    clock.forward(minutes=1)
    assert first.send()
    assert not second.send()
    assert "If it was yours, it has arrived" in second.html
    clock.forward(seconds=31)
    assert second.send()
    assert ContactMessage.objects.count() == 2


def test_a_message_that_waits_is_never_said_to_have_arrived(page, clock):
    flood(page, clock)
    sender = Sender(page, "Help me.").open()
    first = sender.stamp
    clock.forward(seconds=5)
    for _time in range(3):
        assert not sender.send(**{MessageForm.MADE: first})
        assert "has arrived" not in sender.html
    clock.forward(seconds=30)
    assert sender.send(**{MessageForm.MADE: first})


def test_a_flood_is_announced_once_without_quoting(client, page, clock):
    flood(page, clock, 30)
    (letter,) = mail.outbox
    assert letter.subject == "Many messages are coming in"
    assert letter.to == ["editors@example.org"]
    assert "/admin/messages/" in letter.body
    assert not any(
        message.form_data["your_message"] in letter.body for message in ContactMessage.objects.all()
    )


@pytest.mark.parametrize(("group", "is_told"), [("Moderators", True), ("Editors", False)])
def test_moderators_see_a_flood_and_a_nearly_full_inbox(client, page, clock, settings, group, is_told):
    settings.MOST_MESSAGES = 12
    client.force_login(member(group))
    notices = [
        "11 different messages were sent within 10 minutes",
        "The inbox holds 10 of at most 12 messages",
    ]
    assert not any(words in client.get("/admin/").content.decode() for words in notices)
    flood(page, clock)
    assert [words in client.get("/admin/").content.decode() for words in notices] == [is_told] * 2


def test_a_full_inbox_says_so_and_keeps_what_is_typed(page, clock, settings):
    settings.MOST_MESSAGES = 3
    late = Sender(page, "The fourth.").open()
    flood(page, clock, 3)
    assert mail.outbox[0].subject == "The inbox is nearly full"
    assert not late.send()
    assert "Our inbox is full" in late.html
    assert "another way that this page names" in late.html
    assert "The fourth." in late.html
    assert ContactMessage.objects.count() == 3
    assert 'name="your_message"' not in Sender(page).open().html
    assert "Our inbox is full" in Sender(page).open().html
    ContactMessage.objects.first().delete()
    assert late.send()


def test_traces_are_hashes_that_expire_and_tell_no_more_than_the_day(page, clock):
    sender = Sender(page, "Only for editors.", how_can_we_reach_you="me@example.org").open()
    clock.forward(minutes=7)
    sender.client.defaults |= {"REMOTE_ADDR": "203.0.113.9", "HTTP_USER_AGENT": "Planted/1.0"}
    assert sender.send()
    rows = str(list(Trace.objects.values_list()))
    for planted in ("Only", "me@example", "203.0.113.9", "Planted", sender.stamp):
        assert planted not in rows
    for trace in Trace.objects.filter(kind__in=["stamp", "sent"]):
        assert f"{timezone.localtime(trace.expires_at):%H:%M:%S.%f}" == "12:00:00.000000"
    clock.forward(minutes=11)
    call_command("delete_expired")
    assert set(Trace.objects.values_list("kind", flat=True)) == {"stamp", "sent"}
    clock.forward(hours=36)
    call_command("delete_expired")
    assert not Trace.objects.exists()


class Crowd:
    """100 people and 300 programs who write within some hours, in the order of time."""

    def __init__(self, page, clock, seed):
        self.page, self.clock, self.pick = page, clock, random.Random(seed)
        self.events, self.number = [], 0
        self.stored, self.lost = Counter(), []

    def at(self, seconds, act):
        self.number += 1
        heapq.heappush(self.events, (seconds, self.number, act))

    def run(self):
        start = self.clock.now.timestamp()
        while self.events:
            seconds, _number, act = heapq.heappop(self.events)
            self.clock.forward(seconds=start + seconds - self.clock.now.timestamp())
            act(seconds)

    def add_person(self, number, arrival):
        """Somebody who writes for five seconds to 13 hours, and sends again whenever the form says so."""
        sender = Sender(self.page, f"A {words_of(number)}", how_can_we_reach_you=f"person {number}")
        writing = [5, 20, 90, 600, 3600, 11 * 3600, 13 * 3600][number % 7]

        def send(seconds, tries=0):
            if sender.send():
                if number % 5 == 0:
                    assert sender.send(), "A double click is thanked, too."
            elif tries < 4:
                self.at(seconds + 31, lambda seconds: send(seconds, tries + 1))
            else:
                self.lost.append(number)

        self.at(arrival, lambda _seconds: sender.take_stamp())
        self.at(arrival + writing, send)

    def add_program(self, kind, number, arrival):
        sender = Sender(self.page, f"Buy now {number} {words_of(1000 + number)} https://pills.example")
        wait, fields = 5, {}
        if kind == "replayed":
            fields = {MessageForm.MADE: self.used}
        elif kind == "honeypot":
            fields = {MessageForm.EMPTY: "https://pills.example"}
        elif kind == "too fast":
            wait = 1
        elif kind == "20 links":
            fields = {"your_message": "https://pills.example/a " * 20}
        elif kind == "forged":
            fields = {MessageForm.MADE: f"{int(self.clock.time())}-{number:022}:{'A' * 43}"}

        def send(_seconds):
            sender.send(**fields)
            if kind == "burst" and number % 2:
                # Sends the form that came back at once, without reading it.
                sender.send()

        self.at(arrival, lambda _seconds: sender.take_stamp())
        self.at(arrival + wait, send)


@pytest.mark.parametrize("hours", [1, 24])
def test_100_people_get_through_while_300_programs_try(page, clock, hours):
    crowd = Crowd(page, clock, seed=1)
    first = Sender(page, "The first.").open()
    clock.forward(seconds=5)
    first.send()
    crowd.used = first.stamp
    ContactMessage.objects.all().delete()
    kinds = ["replayed", "honeypot", "too fast", "20 links", "burst", "forged"] * 50
    for number in range(100):
        crowd.add_person(number, crowd.pick.uniform(0, hours * 3600))
    for number, kind in enumerate(kinds):
        # A third of the programs come within a minute.
        crowd.add_program(kind, number, hours * 1800 + crowd.pick.uniform(0, 60 if number % 3 == 0 else 1200))
    crowd.run()
    texts = [message.form_data["your_message"] for message in ContactMessage.objects.all()]
    people = Counter(message.form_data["how_can_we_reach_you"] for message in ContactMessage.objects.all())
    spam = [text for text in texts if text.startswith(("Buy", "https"))]
    assert crowd.lost == []
    assert {people[f"person {number}"] for number in range(100)} == {1}
    print(f"{300 - len(spam)} of 300 programs were stopped.")
    assert len(spam) <= 15
