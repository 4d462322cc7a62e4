"""Somebody is asked to look after a page or a message, until a day."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageLogEntry

from home.models import Assignment, ContactMessage, Figure, GlossaryTerm
from tests.support import factories
from tests.support.people import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

TODAY = timezone.localdate


def signed_in(group, name):
    client = Client()
    client.user = member(group)
    client.user.first_name, client.user.email = name, f"{name.lower()}@example.org"
    client.user.save()
    client.force_login(client.user)
    return client


@pytest.fixture
def mona():
    return signed_in("Moderators", "Mona")


@pytest.fixture
def cora():
    return signed_in("Contributors", "Cora")


@pytest.fixture
def event(cora):
    return factories.make_event(title="A hearing", live=False, owner=cora.user)


@pytest.fixture
def message():
    fields = {"your_message": "Words of a visitor"}
    return ContactMessage.objects.create(page=factories.make_contact(), form_data=fields)


def ask(client, thing, person=None, **fields):
    kind = {ContactMessage: "messages", Figure: "figures", GlossaryTerm: "terms"}.get(type(thing), "pages")
    data = {"person": person.pk if person else "", **fields}
    return client.post(f"/admin/{kind}/{thing.pk}/ask/", data, follow=True)


def lists(client):
    """Return the lines of the lists on the first screen, by their headings."""
    sections = BeautifulSoup(client.get("/admin/").content, "html.parser").select(".lw-asked")
    return {
        section.h2.text: [" ".join(line.text.split()) for line in section.select("li p")]
        for section in sections
    }


def test_the_person_reads_it_on_the_first_screen_and_above_the_form(mona, cora, event):
    words = "Mona asks you. “Add the minutes.”"
    assert "Cora is asked." in ask(mona, event, cora.user, words="Add the minutes.").text
    assert lists(cora) == {"Asked of you": [f"A hearing {words}"]}
    assert "You are asked to look after 1 thing." in cora.get("/admin/").text
    assert lists(mona) == {}
    banner = BeautifulSoup(cora.get(f"/admin/pages/{event.pk}/edit/").content, "html.parser")
    assert words in banner.select_one(".messages").text
    hers = BeautifulSoup(mona.get(f"/admin/pages/{event.pk}/edit/").content, "html.parser")
    assert "Mona asks Cora. “Add the minutes.”" in hers.select_one(".messages").text
    entry = PageLogEntry.objects.get(action="home.ask")
    assert (entry.message, entry.user) == ("Asked Cora to look after it", mona.user)


@pytest.mark.parametrize(("address", "place"), [("/admin/", ".lw-asked"), ("form", ".messages")])
def test_done_is_said_at_once_on_the_first_screen_and_above_the_form(mona, cora, event, address, place):
    ask(mona, event, cora.user)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cora.user)
    address = address.replace("form", f"/admin/pages/{event.pk}/edit/")
    form = BeautifulSoup(strict.get(address).content, "html.parser").select_one(f"{place} form")
    assert [button.text for button in form.select("button")] == ["Done"]
    sent = {field["name"]: field["value"] for field in form.select("input")}
    assert "A hearing: Done." in strict.post(form["action"], sent, follow=True).text
    assert not Assignment.objects.open().exists()


def test_the_mail_says_nothing_of_the_content(mona, cora, event, mailoutbox):
    ask(mona, event, cora.user, words="Add the minutes.")
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["cora@example.org"], "Mona asks you to look after something.")
    assert f"/admin/pages/{event.pk}/edit/" in mail.body
    assert not any(words in mail.body for words in ("hearing", "minutes"))


def test_anybody_who_may_can_take_it_and_finish_it(mona, cora, event):
    ask(mona, event)
    assert list(lists(cora)) == list(lists(mona)) == ["Asked of anybody"]
    assignment = Assignment.objects.get()
    cora.post(f"/admin/assignments/{assignment.pk}/", {"take": ""})
    assert lists(mona) == {}
    assert list(lists(cora)) == ["Asked of you"]
    cora.post(f"/admin/assignments/{assignment.pk}/")
    assert lists(cora) == {}
    assert cora.post(f"/admin/assignments/{assignment.pk}/").status_code == 404
    done = PageLogEntry.objects.filter(action__startswith="home.ask").order_by("timestamp")
    assert [entry.user for entry in done] == [mona.user, cora.user, cora.user]


def test_what_is_late_is_shown_to_others_who_may_do_it(mona, cora, event):
    ask(mona, event, cora.user, due=TODAY())
    assert lists(mona) == {}
    Assignment.objects.update(due=TODAY() - timedelta(days=1))
    [line] = lists(mona)["Late"]
    assert "It was due on" in line
    assert "It was due on" in lists(cora)["Asked of you"][0]


def test_a_day_that_is_over_is_refused(mona, cora, event):
    response = ask(mona, event, cora.user, due=TODAY() - timedelta(days=1))
    assert "This day is over." in response.text
    assert not Assignment.objects.exists()


def test_only_people_who_may_change_the_page_ask_are_asked_and_see_it(mona, cora, event):
    dora = signed_in("Contributors", "Dora")
    address = f"/admin/pages/{event.pk}/ask/"
    names = {
        option.text for option in BeautifulSoup(mona.get(address).content, "html.parser").select("option")
    }
    assert names == {"Anybody", "Mona", "Cora"}
    assert dora.get(address).status_code == 302
    ask(mona, event, dora.user)
    assert not Assignment.objects.exists()
    ask(mona, event)
    assert lists(dora) == {}
    assert dora.post(f"/admin/assignments/{Assignment.objects.get().pk}/").status_code == 404
    assert Assignment.objects.open().exists()


def test_only_readers_of_messages_are_asked_about_one(mona, message, mailoutbox):
    rosa, editor = signed_in("Moderators", "Rosa"), signed_in("Editors", "Edda")
    form = mona.get(f"/admin/messages/{message.pk}/ask/").text
    assert "Edda" not in form
    assert 'name="words"' not in form
    assert editor.get(f"/admin/messages/{message.pk}/ask/").status_code == 302
    ask(mona, message, rosa.user, words="Words of a visitor")
    assert lists(rosa) == {"Asked of you": [f"{message} Mona asks you."]}
    assert "Mona asks you." in rosa.get(f"/admin/messages/{message.pk}/").text
    assert "visitor" not in "".join(mail.body for mail in mailoutbox)
    assert Assignment.objects.get().words == ""
    assert lists(editor) == {}
    assert ModelLogEntry.objects.get(action="home.ask").message == "Asked Rosa to look after it"


def test_answering_a_message_ends_what_was_asked(mona, message):
    ask(mona, message, mona.user)
    mona.post(f"/admin/messages/{message.pk}/", {"state": "answered"})
    assert lists(mona) == {}


@pytest.mark.parametrize("kind", ["figure", "term"])
def test_a_figure_or_term_is_asked_about_as_a_page_is(mona, cora, kind):
    thing = getattr(factories, f"make_{kind}")()
    thing.save_revision(user=cora.user)
    dora, form = (
        signed_in("Contributors", "Dora"),
        reverse(thing.snippet_viewset.get_url_name("edit"), args=[thing.pk]),
    )
    address = f"/admin/{kind}s/{thing.pk}/ask/"
    assert address in cora.get(form).text
    assert dora.get(address).status_code == 302
    options = BeautifulSoup(mona.get(address).content, "html.parser").select("option")
    assert {option.text for option in options} == {"Anybody", "Mona", "Cora"}
    ask(mona, thing, cora.user, words="Add 2026.")
    words = "Mona asks you. “Add 2026.”"
    assert lists(cora) == {"Asked of you": [f"{thing} {words}"]}
    assert lists(dora) == {}
    assert words in BeautifulSoup(cora.get(form).content, "html.parser").select_one(".messages").text
    cora.post(f"/admin/assignments/{Assignment.objects.get().pk}/")
    assert lists(cora) == {}
    done = ModelLogEntry.objects.for_instance(thing).filter(action__startswith="home.ask")
    assert {entry.user for entry in done} == {mona.user, cora.user}
