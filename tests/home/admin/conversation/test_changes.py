"""Requests for changes: in the moderator's words on the screen, and without them in the mail."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Workflow

from tests.support import factories
from tests.support.people import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

WORDS = "Mona asked for changes. “Please add the <i>minutes</i>.”"


@pytest.fixture
def author(client):
    author = member("Contributors")
    author.email = "cora@example.org"
    author.save()
    client.force_login(author)
    return author


@pytest.fixture
def event(author):
    """A draft for which a moderator asked for changes."""
    event = factories.make_event(title="A hearing in private", live=False, owner=author)
    event.save_revision(user=author)
    moderator = member("Moderators")
    moderator.first_name = "Mona"
    moderator.save()
    task = Workflow.objects.get().start(event, author).current_task_state.specific
    task.reject(user=moderator, comment="Please add the <i>minutes</i>.")
    return event


def waiting(client):
    section = BeautifulSoup(client.get("/admin/").content, "html.parser").find(
        attrs={"aria-labelledby": "lw-waiting"}
    )
    return {link.text.strip(): link["href"] for link in section.select("li a")}


def test_the_form_and_the_first_screen_say_who_asked_and_for_what(client, event):
    address = f"/admin/pages/{event.pk}/edit/"
    banner = BeautifulSoup(client.get(address).content, "html.parser").select_one(".messages .warning")
    assert WORDS in banner.text
    assert waiting(client)[f"“A hearing in private”: {WORDS}"] == address


def test_it_is_gone_when_the_page_is_submitted_again(client, event, author):
    event.current_workflow_state.resume(user=author)
    assert not any(WORDS in line for line in waiting(client))
    assert "asked for changes" not in client.get(f"/admin/pages/{event.pk}/edit/").text


def test_people_who_may_no_longer_change_the_page_do_not_see_it(client, event, author):
    event.owner = None
    event.save()
    assert not waiting(client)


def test_mails_hold_no_content(event, mailoutbox):
    [mail] = [each for each in mailoutbox if each.to == ["cora@example.org"]]
    assert mail.subject == "Mona asked for changes."
    assert f"/admin/pages/{event.pk}/edit/" in mail.body
    assert not any(words in mail.subject + mail.body for words in ("minutes", "private"))
