"""A changed claim of a published page asks whether it is a correction, on every path to publication."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow, WorkflowPage
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from home.content_checks.obstacles import NotPublishable
from home.models import Correction
from tests.support import factories
from timeline.models import EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

PUBLISH, SUBMIT = {"action-publish": "1"}, {"action-submit": "1"}
QUESTION = "Is this a correction?"


@pytest.fixture
def event():
    WorkflowPage.objects.create(page=factories.make_timeline(), workflow=Workflow.objects.first())
    return factories.make_event(title="Meeting", summary="Ten people came.")


@pytest.fixture
def editor(event, django_user_model):
    user = django_user_model.objects.create_user("editor")
    user.groups.add(Group.objects.get(name="Editors"))
    client = Client()
    client.force_login(user)
    return client


def form_of(event, **fields):
    """Return the unchanged data of an event's form."""
    event = EventPage.objects.get(pk=event.pk).get_latest_revision_as_object()
    data = {
        name: getattr(event, name) or "" for name in ("title", "slug", "place", "summary", "verification")
    }
    data |= {
        "date": event.when,
        "end_date": "",
        "category": event.category_id,
        "body": streamfield([]),
        "sources": inline_formset(
            [{"id": row.pk, "title": row.title, "publisher": row.publisher} for row in event.sources.all()],
            initial=event.sources.count(),
        ),
        "corrections": inline_formset([]),
        "comments": inline_formset([]),
    }
    return nested_form_data(data) | fields


def send(client, event, **fields):
    """Submit the event's form with these fields and return the response."""
    response = client.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), form_of(event, **fields))
    event.refresh_from_db()
    return response


def asks(response):
    return response.status_code == 200 and QUESTION in response.content.decode()


def answered(answer, text=""):
    return {"correction_answer": answer, "correction_text": text}


def changed(**fields):
    return {"summary": "Twelve people came."} | fields


@pytest.mark.parametrize("action", [PUBLISH, SUBMIT])
def test_a_changed_claim_is_asked_about_and_the_form_is_kept(admin_client, event, action):
    response = send(admin_client, event, **changed(place="City Hall", **action))
    assert asks(response)
    html = response.content.decode()
    assert "Twelve people came." in html
    assert 'value="City Hall"' in html
    assert f'name="{next(iter(action))}"' in html
    assert event.summary == "Ten people came."
    assert not event.current_workflow_state


def test_the_question_is_no_error_until_somebody_leaves_it_open(admin_client, event):
    first = BeautifulSoup(send(admin_client, event, **changed(**PUBLISH)).text, "html.parser")
    # Wagtail makes what has this class narrower beside an open side panel.
    assert first.select_one(".correction-question.w-form-width h2").text.startswith("One more question")
    assert not first.select(".messages li:not(template li), .error-message, .w-field--error")
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    assert "not saved yet" not in admin_client.get(address).text
    again = send(admin_client, event, **changed(**PUBLISH, correction_text=""))
    errors = BeautifulSoup(again.text, "html.parser").select(".error-message")
    assert [" ".join(error.text.split()) for error in errors] == [
        "Please choose one. It is not published yet."
    ]
    assert "was not saved yet" in again.text
    event.refresh_from_db()
    assert event.summary == "Ten people came."


@pytest.mark.parametrize(("kind", "label"), [("correction", "Correction"), ("update", "Update")])
def test_the_answer_is_shown_on_the_page_and_in_both_feeds(admin_client, client, event, kind, label):
    words = "We wrote ten; it was <twelve>."
    send(admin_client, event, **changed(**PUBLISH, **answered(kind, words)))
    correction = event.corrections.get()
    assert (correction.kind, correction.date) == (kind, timezone.localdate())
    html = client.get(event.url).content.decode()
    assert "Twelve people came." in html
    assert label in html
    assert "We wrote ten; it was &lt;twelve&gt;." in html
    for feed in ("/feed/", "/timeline/feed/"):
        assert "We wrote ten; it was &lt;twelve&gt;." in client.get(feed).content.decode()


def test_a_change_of_wording_is_published_without_a_correction(admin_client, event):
    send(admin_client, event, **changed(**PUBLISH, **answered("wording")))
    assert event.summary == "Twelve people came."
    assert not event.corrections.exists()


@pytest.mark.parametrize("answer", ["correction", "update"])
def test_nothing_is_published_without_a_sentence_for_readers(admin_client, event, answer):
    response = send(admin_client, event, **changed(**PUBLISH, **answered(answer, " ")))
    assert "Please tell readers in a sentence." in response.content.decode()
    assert "checked" in response.content.decode().split(f'value="{answer}"')[1].split(">")[0]
    assert event.summary == "Ten people came."


def test_an_invalid_answer_is_refused(admin_client, event):
    assert asks(send(admin_client, event, **changed(**PUBLISH, **answered("whatever", "Words"))))
    assert event.summary == "Ten people came."


def test_an_answer_is_kept_while_another_field_is_corrected(admin_client, event):
    response = send(
        admin_client, event, **changed(**PUBLISH, **answered("correction", "It was twelve."), date="never")
    )
    assert asks(response)
    assert "It was twelve." in response.content.decode()
    assert not Correction.objects.exists()


def test_no_form_asks_before_it_is_submitted(admin_client, event):
    for make in (
        factories.make_concern,
        factories.make_contact,
        factories.make_document,
        factories.make_home,
        factories.make_partner,
        factories.make_timeline,
    ):
        html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[make().pk])).content.decode()
        assert "data-edit-form" in html
        assert QUESTION not in html
        # The form doesn't contain the fields of the question, either.
        assert "correction_answer" not in html


def test_a_saved_draft_is_not_asked_about(admin_client, event):
    assert send(admin_client, event, **changed()).status_code == 302
    assert event.get_latest_revision_as_object().summary == "Twelve people came."


def test_autosave_does_not_ask_and_publishes_nothing(admin_client, event):
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    data = form_of(event, **changed(**answered("correction", "Half a sen")))
    response = admin_client.post(address, data, headers={"accept": "application/json"})
    assert response.json()["success"]
    assert not event.get_latest_revision_as_object().corrections.all()


def test_a_preview_is_not_asked_about(admin_client, event):
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[event.pk])
    assert admin_client.post(address, form_of(event, **changed())).json()["is_valid"]


def test_urls_settings_and_unchanged_pages_are_not_asked_about(admin_client, event):
    for fields in ({}, {"slug": "elsewhere"}, {"seo_title": "For search engines"}):
        assert send(admin_client, event, **PUBLISH, **fields).status_code == 302
    assert event.slug == "elsewhere"


def test_unpublished_pages_are_not_asked_about(admin_client):
    draft = factories.make_event(live=False)
    assert send(admin_client, draft, **changed(**PUBLISH)).status_code == 302
    assert draft.live


def test_a_correction_in_the_form_is_an_answer(admin_client, event):
    row = {
        "corrections-TOTAL_FORMS": "1",
        "corrections-0-kind": "correction",
        "corrections-0-date": "2026-01-02",
        "corrections-0-text": "It was twelve.",
    }
    assert send(admin_client, event, **changed(**PUBLISH, **row)).status_code == 302
    assert event.corrections.get().date == date(2026, 1, 2)


def test_an_earlier_correction_is_no_answer(admin_client, event):
    send(admin_client, event, **changed(**PUBLISH, **answered("correction", "It was twelve.")))
    row = {
        "corrections-TOTAL_FORMS": "1",
        "corrections-INITIAL_FORMS": "1",
        "corrections-0-id": str(event.corrections.get().pk),
        "corrections-0-kind": "correction",
        "corrections-0-date": "2026-01-02",
        "corrections-0-text": "It was twelve.",
    }
    assert asks(send(admin_client, event, summary="Twenty came.", **PUBLISH, **row))


def test_a_scheduled_correction_has_the_date_of_publication(admin_client, event):
    later = timezone.localtime() + timedelta(days=3)
    schedule = {"go_live_at": later.strftime("%Y-%m-%d %H:%M")}
    assert asks(send(admin_client, event, **changed(**PUBLISH, **schedule)))
    send(admin_client, event, **changed(**PUBLISH, **schedule, **answered("correction", "It was twelve.")))
    scheduled = event.scheduled_revision.as_object()
    assert [line.date for line in scheduled.corrections.all()] == [later.date()]
    assert not Correction.objects.exists()


def test_the_editor_who_submits_is_asked_but_not_the_moderator(editor, admin_client, client, event):
    assert asks(send(editor, event, **changed(**SUBMIT)))
    send(editor, event, **changed(**SUBMIT, **answered("correction", "It was twelve.")))
    approve(admin_client, event)
    assert "It was twelve." in client.get(event.url).content.decode()


def approve(client, event, **headers):
    task = event.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[event.pk, "approve", task.pk])
    response = client.post(address, follow=True, **headers)
    event.refresh_from_db()
    return response


@pytest.mark.parametrize("publish", [approve, lambda client, event: send(client, event, **PUBLISH)])
def test_the_same_change_of_wording_is_asked_about_once(editor, admin_client, event, publish):
    send(editor, event, **changed(**SUBMIT, **answered("wording")))
    publish(admin_client, event)
    assert event.summary == "Twelve people came."
    assert not event.has_unpublished_changes


def test_a_change_after_the_answer_is_not_approved_without_asking(editor, admin_client, event):
    send(editor, event, **changed(**SUBMIT, **answered("wording")))
    send(admin_client, event, summary="Nobody came.")
    response = approve(admin_client, event)
    assert "Visitors have read an earlier text of “Meeting”" in response.content.decode()
    assert event.summary == "Ten people came."
    assert event.workflow_in_progress


def in_review(name):
    return {"action-workflow-action": "true", "workflow-action-name": name}


def test_approving_with_the_form_asks_and_continues_after_the_answer(editor, admin_client, event):
    send(editor, event, **changed(**SUBMIT, **answered("wording")))
    response = send(admin_client, event, summary="Nobody came.", **in_review("approve"))
    assert asks(response)
    assert 'name="workflow-action-name" value="approve"' in response.content.decode()
    send(
        admin_client,
        event,
        summary="Nobody came.",
        **in_review("approve"),
        **answered("correction", "Nobody came at all."),
    )
    assert event.summary == "Nobody came."
    assert event.corrections.get().text == "Nobody came at all."


def test_rejected_and_canceled_submissions_are_not_asked_about(editor, admin_client, event):
    send(editor, event, **changed(**SUBMIT, **answered("wording")))
    assert send(admin_client, event, summary="Hm.", **in_review("reject")).status_code == 302
    assert event.current_workflow_state.status == "needs_changes"
    assert not asks(send(admin_client, event, summary="Hm, hm.", **{"action-cancel-workflow": "1"}))


def test_a_bulk_action_does_not_publish_without_asking(admin_client, event):
    send(admin_client, event, **changed())
    other = factories.make_event(live=False)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = admin_client.post(f"{address}?id={event.pk}&id={other.pk}&next=/admin/", {}, follow=True)
    html = response.content.decode()
    assert "Visitors have read an earlier text of “Meeting”" in html
    assert reverse("wagtailadmin_pages:edit", args=[event.pk]) in html
    event.refresh_from_db()
    assert event.summary == "Ten people came."
    assert not EventPage.objects.get(pk=other.pk).live


def test_a_bulk_action_publishes_if_the_answer_is_known(editor, admin_client, event):
    send(editor, event, **changed(**SUBMIT, **answered("wording")))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    admin_client.post(f"{address}?id={event.pk}&next=/admin/", {})
    event.refresh_from_db()
    assert event.summary == "Twelve people came."


def test_users_who_may_not_publish_do_not_see_the_refusal(editor, event):
    send(editor, event, **changed())
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = editor.post(f"{address}?id={event.pk}&next=/admin/", {}, follow=True)
    assert "Visitors have read" not in response.content.decode()
    event.refresh_from_db()
    assert event.summary == "Ten people came."


def test_the_shell_is_not_asked(event):
    event.summary = "Twelve people came."
    event.save_revision().publish()
    event.refresh_from_db()
    assert event.summary == "Twelve people came."


def test_an_approval_in_the_shell_is_refused_like_one_in_the_admin(event, admin_user):
    event.summary = "Twelve people came."
    event.save_revision()
    task = Workflow.objects.first().start(event, admin_user).current_task_state
    with pytest.raises(NotPublishable):
        task.approve(user=admin_user)
