"""People suggest changes of pages that they may not change, and others accept or decline them."""

import html
import json
import re

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry
from wagtail.rich_text import RichText
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield
from wagtail.utils.text import text_from_html

from home.models import Suggestion
from tests.support import factories
from tests.support.people import member
from timeline.models import EventPage

pytestmark = pytest.mark.django_db

WHY = "The minutes say twelve."


@pytest.fixture
def event(groups):
    fields = {"title": "Meeting", "summary": "Ten people came.", "place": "City Hall"}
    return factories.make_event(**fields)


@pytest.fixture
def moderator(groups):
    user = member("Moderators")
    user.email = "moderator@example.org"
    user.save()
    return user


def form_of(event, **fields):
    """Return the data of the event's form as a browser would send it."""
    event = EventPage.objects.get(pk=event.pk)
    names = ("title", "slug", "place", "summary", "verification", "seo_title", "search_description")
    columns = [field.attname.removesuffix("_id") for field in event.sources.model.data_fields()]
    rows = [
        {"id": row.pk} | {name: getattr(row, name) or "" for name in columns} for row in event.sources.all()
    ]
    data = {name: getattr(event, name) or "" for name in names} | {
        "date": event.when,
        "end_date": "",
        "category": event.category_id,
        "body": streamfield([]),
        "sources": inline_formset(rows, initial=len(rows)),
        "corrections": inline_formset([]),
        "suggestion-reason": WHY,
    }
    return nested_form_data(data) | fields


def suggest(client, event, shown="", **fields):
    url = reverse("suggest_change", args=[event.pk])
    if not shown:
        (shown,) = re.findall(r'name="shown" value="([^"]+)"', client.get(url).content.decode())
    return client.post(url, form_of(event, **fields) | {"shown": shown})


def decide(client, action, *parts, **more):
    suggestion = Suggestion.objects.get()
    url = reverse("suggestion", args=[suggestion.pk])
    page = client.get(url).content.decode()
    (draft,) = re.findall(r'name="draft" value="([^"]*)"', page)
    data = {"action": action, "part": parts, "draft": html.unescape(draft)} | more
    return client.post(url, data, follow=True)


def draft_of(event):
    return EventPage.objects.get(pk=event.pk).get_latest_revision_as_object()


def save_draft(event, **fields):
    draft = draft_of(event)
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision()


def test_a_contributor_is_led_from_the_closed_form_to_a_suggestion_and_gets_an_answer(
    client, sign_in, event, moderator, mailoutbox
):
    author = sign_in("Contributors")
    closed = client.get(reverse("wagtailadmin_pages:edit", args=[event.pk]))
    assert closed.url == reverse("suggest_change", args=[event.pk])
    assert (
        closed.url
        in client.get(reverse("wagtailadmin_explore", args=[event.get_parent().pk])).content.decode()
    )
    assert closed.url in client.get(event.url).content.decode()
    sent = suggest(client, event, summary="Twelve people came.")
    suggestion = Suggestion.objects.get()
    assert sent.url == reverse("suggestion", args=[suggestion.pk])
    (mail,) = mailoutbox
    assert mail.to == [moderator.email]
    assert sent.url in mail.body
    assert not any(word in mail.subject + mail.body for word in (event.title, WHY, author.username))
    event.refresh_from_db()
    assert event.summary == "Ten people came."
    assert not event.has_unpublished_changes

    client.force_login(moderator)
    assert "1 suggested change waits for your answer." in client.get("/admin/").content.decode()
    page = client.get(sent.url).content.decode()
    assert WHY in page
    assert '<span class="deletion">Ten</span>' in page
    answered = decide(client, "take", "summary")
    assert answered.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[event.pk])
    assert draft_of(event).summary == "Twelve people came."
    event.refresh_from_db()
    assert event.summary == "Ten people came."
    history = client.get(reverse("wagtailadmin_pages:history", args=[event.pk])).content.decode()
    assert f"{author.username} suggested a change" in history
    entry = PageLogEntry.objects.get(action="home.suggestion.take")
    assert (entry.user, entry.message) == (moderator, f"Accepted a change that {author.username} suggested")

    client.force_login(author)
    assert "1 change that you suggested was answered." in client.get("/admin/").content.decode()
    assert "accepted" in client.get(sent.url).content.decode()
    assert "was answered" not in client.get("/admin/").content.decode()


def test_only_what_the_author_changed_is_taken_and_newer_work_stays(client, sign_in, event):
    sign_in("Contributors")
    suggest(client, event, summary="Twelve people came.", place="Hill North")
    save_draft(event, title="Large meeting", place="The library")
    sign_in("Moderators")
    page = client.get(reverse("suggestion", args=[Suggestion.objects.get().pk])).content.decode()
    assert page.count("Somebody has changed the same since.") == 1
    checked = re.findall(r'name="part" value="(\w+)" checked', page)
    assert checked == ["summary"]
    decide(client, "take", *checked)
    draft = draft_of(event)
    assert (draft.title, draft.summary, draft.place) == (
        "Large meeting",
        "Twelve people came.",
        "The library",
    )


def test_a_moderator_may_choose_the_suggestion_in_a_conflict_and_is_told_of_a_change_meanwhile(
    client, sign_in, event
):
    sign_in("Contributors")
    suggest(client, event, place="Hill North")
    sign_in("Moderators")
    url = reverse("suggestion", args=[Suggestion.objects.get().pk])
    old = {"action": "take", "part": ["place"], "draft": ""}
    save_draft(event, place="The library")
    assert "Somebody has just changed the page." in client.post(url, old).content.decode()
    assert draft_of(event).place == "The library"
    decide(client, "take", "place")
    assert draft_of(event).place == "Hill North"


def test_a_suggestion_is_based_on_what_its_author_saw(client, sign_in, event):
    sign_in("Contributors")
    event.save_revision().publish()
    url = reverse("suggest_change", args=[event.pk])
    (shown,) = re.findall(r'name="shown" value="([^"]+)"', client.get(url).content.decode())
    form = form_of(event, summary="Twelve people came.")
    newer = draft_of(event)
    newer.title, newer.sources = "Large meeting", []
    newer.sources.add(newer.sources.model(**factories.source_fields(title="Another")))
    newer.save_revision().publish()
    client.post(url, form | {"shown": shown})
    sign_in("Moderators")
    page = client.get(reverse("suggestion", args=[Suggestion.objects.get().pk])).content.decode()
    assert re.findall(r'name="part" value="(\w+)" checked', page) == ["summary"]


def test_a_refusal_needs_a_sentence_which_the_author_reads(client, sign_in, event):
    author = sign_in("Contributors")
    suggest(client, event, place="Hill North")
    sign_in("Editors")
    assert "Please say in a sentence" in decide(client, "decline").content.decode()
    decide(client, "decline", answer="The place is right.")
    assert "already" in decide(client, "decline", answer="Again.").content.decode()
    assert draft_of(event).place == "City Hall"
    client.force_login(author)
    page = client.get(reverse("suggestion", args=[Suggestion.objects.get().pk])).content.decode()
    assert "The place is right." in page
    assert "Hill North" in page


def test_a_suggestion_needs_a_change_and_a_reason_and_keeps_what_was_typed(client, sign_in, event):
    sign_in("Contributors")
    assert "You have not changed anything yet." in suggest(client, event).content.decode()
    again = suggest(client, event, place="Hill North", **{"suggestion-reason": ""}).content.decode()
    assert "Hill North" in again
    assert "was not sent yet" in again
    assert not Suggestion.objects.exists()


def keep(client, event, **fields):
    """Send the form as its autosave does, and return the answer."""
    return suggest(client, event, autosave="1", **fields).json()


def test_what_is_typed_is_kept_for_its_author_alone_until_it_is_sent(
    client, sign_in, event, moderator, mailoutbox
):
    author, url = sign_in("Contributors"), reverse("suggest_change", args=[event.pk])
    assert "w-autosave#save" in client.get(url).text
    kept = keep(client, event, summary="Twelve came.", date="soon", **{"suggestion-reason": "Minu"})
    [left_out] = json.loads(kept["field_updates"]["autosave-left-out"])
    assert (kept["success"], left_out["field"]) == (True, "date")
    keep(client, event, summary="Twelve people came.", **{"suggestion-reason": "Minutes"})
    draft = Suggestion.objects.get()
    client.force_login(moderator)
    assert client.get(reverse("suggestion", args=[draft.pk])).status_code == 302
    assert event.title not in client.get(reverse("suggestions_results")).text
    assert "for an answer" not in client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).text
    assert not mailoutbox

    client.force_login(author)
    assert "was answered" not in client.get("/admin/").text
    assert "Not sent yet" in client.get(reverse("suggestions_results")).text
    again = client.get(reverse("suggestion", args=[draft.pk]), follow=True).text
    assert all(words in again for words in ("It is not sent yet.", "Twelve people came.", "Minutes"))
    # Somebody publishes the page in the meantime. She has not changed what she did not see.
    save_draft(event, place="Church Street")
    EventPage.objects.get(pk=event.pk).latest_revision.publish()
    suggest(client, event, summary="Twelve people came.", place="City Hall")
    sent = Suggestion.objects.get()
    assert (sent.pk, sent.state, sent.reason) == (draft.pk, Suggestion.State.OPEN, WHY)
    assert (sent.base["place"], sent.content["place"]) == ("City Hall", "City Hall")
    assert len(mailoutbox) == 1
    assert "not sent yet" not in client.get(url).text


def test_what_was_kept_can_be_thrown_away(client, sign_in, event):
    sign_in("Contributors")
    keep(client, event, summary="Twelve people came.")
    form = client.post(reverse("suggest_change", args=[event.pk]), {"discard": ""}, follow=True).text
    assert "Twelve people came." not in form
    assert not Suggestion.objects.exists()


def test_nobody_suggests_changes_of_pages_that_she_cannot_read_or_may_change(client, sign_in, event):
    draft = factories.make_event(live=False)
    private = factories.make_event()
    private.view_restrictions.create(restriction_type="password", password="secret")
    sign_in("Contributors")
    for page in (draft, private):
        assert client.get(reverse("suggest_change", args=[page.pk])).url == reverse("wagtailadmin_home")
        assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).url == reverse(
            "wagtailadmin_home"
        )
    suggest(client, event, place="Hill North")
    sign_in("Contributors")
    answer = client.get(reverse("suggestion", args=[Suggestion.objects.get().pk]))
    assert answer.url == reverse("wagtailadmin_home")
    sign_in("Editors")
    edit = reverse("wagtailadmin_pages:edit", args=[event.pk])
    assert client.get(reverse("suggest_change", args=[event.pk])).url == edit


def test_an_author_cannot_decide_but_withdraw(client, sign_in, event):
    sign_in("Contributors")
    suggest(client, event, place="Hill North")
    decide(client, "take", "place")
    assert Suggestion.objects.get().is_open
    decide(client, "withdraw")
    assert Suggestion.objects.get().state == Suggestion.State.WITHDRAWN


def test_addresses_that_get_mail_about_messages_stay_secret(client, sign_in, groups):
    contact = factories.make_contact(to_address="secret@example.org")
    sign_in("Contributors")
    page = client.get(reverse("suggest_change", args=[contact.pk])).content.decode()
    assert contact.thanks in page
    assert "secret@example.org" not in page


def draftail(text):
    block = {"key": "abcde", "type": "unstyled", "depth": 0, "text": text}
    block |= {"inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [block], "entityMap": {}})


def test_a_text_that_the_editor_only_stores_in_another_way_is_not_listed(client, sign_in, event):
    event.body = [("text", RichText("<p>One.&nbsp;</p>\n<p> </p>"))]
    event.save_revision().publish()
    sign_in("Contributors")
    sent = nested_form_data({"body": streamfield([("text", draftail("One."))])})
    assert "You have not changed anything yet." in suggest(client, event, **sent).text
    suggest(client, event, place="Hill North", **sent)
    sign_in("Moderators")
    page = client.get(reverse("suggestion", args=[Suggestion.objects.get().pk])).text
    assert re.findall(r'name="part" value="(\w+)"', page) == ["place"]


def test_paragraphs_are_merged_one_by_one(client, sign_in, event):
    event.body = [("text", RichText(f"<p>{text}</p>")) for text in ("One.", "Two.")]
    event.save_revision().publish()
    event = EventPage.objects.get(pk=event.pk)
    one, two = json.loads(event.serializable_data()["body"])
    sign_in("Contributors")

    body = nested_form_data(
        {"body": streamfield([("text", draftail("One.")), ("text", draftail("Second."))])}
    )
    body |= {"body-0-id": one["id"], "body-1-id": two["id"]}
    suggest(client, event, **body)
    draft = draft_of(event)
    draft.body[0].value = RichText("<p>First.</p>")
    draft.save_revision()
    sign_in("Moderators")
    page = decide(client, "take", "body")
    assert page.status_code == 200
    texts = [text_from_html(block.value.source) for block in draft_of(event).body]
    assert texts == ["First.", "Second."]
