"""An event or a concern without a source is never published, but can always be saved as a draft."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow, WorkflowPage

from concerns.models import ConcernPage
from home.content_checks.obstacles import NotPublishable
from tests.support import factories
from tests.support.forms import form_of
from timeline.models import EventPage

pytestmark = pytest.mark.django_db


def draft(**fields):
    """An event without a source."""
    return factories.make_event(sources=[], live=False, title="Unsourced", **fields)


def test_the_form_refuses_to_publish_and_keeps_its_fields(admin_client):
    address = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", factories.make_timeline().pk])
    response = admin_client.post(address, form_of(None, **{"action-publish": "1"}))
    html = response.content.decode()
    assert response.status_code == 200
    assert "“New event” has no source yet" in html
    assert "What happened." in html
    assert not EventPage.objects.exists()


def test_the_form_publishes_with_a_source(admin_client, client):
    address = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", factories.make_timeline().pk])
    admin_client.post(address, form_of(None, sources=["Minutes"], **{"action-publish": "1"}))
    assert "Minutes" in client.get(EventPage.objects.live().get().url).content.decode()


def test_an_empty_row_is_no_source(admin_client):
    event = draft()
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    admin_client.post(address, form_of(event, sources=[""], **{"action-publish": "1"}))
    assert not EventPage.objects.get().live


def test_a_new_page_is_saved_as_a_draft(admin_client):
    address = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", factories.make_timeline().pk])
    admin_client.post(address, form_of(None))
    assert not EventPage.objects.get().live


def test_a_draft_of_a_live_page_may_lose_its_sources(admin_client):
    event = factories.make_event()
    row = {"sources-INITIAL_FORMS": "1", "sources-TOTAL_FORMS": "1", "sources-0-DELETE": "1"}
    row["sources-0-id"] = str(event.sources.get().pk)
    admin_client.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), form_of(event) | row)
    event.refresh_from_db()
    assert event.live
    assert event.has_unpublished_changes
    assert event.sources.count() == 1
    assert not event.get_latest_revision_as_object().sources.exists()


def test_the_form_refuses_to_submit_for_review(admin_client):
    event = draft()
    WorkflowPage.objects.update_or_create(
        page=event.get_parent(), defaults={"workflow": Workflow.objects.first()}
    )
    address = reverse("wagtailadmin_pages:edit", args=[event.pk])
    response = admin_client.post(address, form_of(event, **{"action-submit": "1"}))
    assert "has no source yet" in response.content.decode()
    assert not event.current_workflow_state


def test_an_approval_without_a_source_is_refused_with_the_reason(admin_client, admin_user):
    event = draft()
    workflow = Workflow.objects.first()
    state = workflow.start(event, admin_user)
    address = reverse(
        "wagtailadmin_pages:workflow_action", args=[event.pk, "approve", state.current_task_state.pk]
    )
    response = admin_client.post(address, follow=True)
    assert "has no source yet" in response.content.decode()
    assert not EventPage.objects.get().live


def test_a_refused_approval_leaves_the_review_as_it_was(admin_client, admin_user):
    event = draft()
    task = Workflow.objects.first().start(event, admin_user).current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[event.pk, "approve", task.pk])
    admin_client.post(address)
    task.refresh_from_db()
    assert task.status == task.workflow_state.status == "in_progress"
    assert task.finished_at is None


@pytest.mark.parametrize("headers", [{"x-requested-with": "XMLHttpRequest"}, {"accept": "application/json"}])
def test_scripts_of_the_admin_get_the_refusal_as_json(admin_client, admin_user, headers):
    event = draft()
    task = Workflow.objects.first().start(event, admin_user).current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[event.pk, "approve", task.pk])
    response = admin_client.post(address, headers=headers)
    assert response.status_code == 409
    assert "has no source yet" in response.json()["error"]


def test_a_refusal_redirects_to_this_site_only(admin_client, admin_user):
    event = draft()
    task = Workflow.objects.first().start(event, admin_user).current_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[event.pk, "approve", task.pk])
    for referer, target in [
        ("http://testserver/admin/pages/", "http://testserver/admin/pages/"),
        ("https://elsewhere.example/", "/admin/"),
        ("", "/admin/"),
    ]:
        assert admin_client.post(address, headers={"referer": referer}).url == target


def test_a_copy_of_a_page_without_a_source_stays_a_draft(admin_client):
    event = draft()
    admin_client.post(
        reverse("wagtailadmin_pages:copy", args=[event.pk]),
        {
            "new_title": "Copy",
            "new_slug": "copy",
            "new_parent_page": event.get_parent().pk,
            "publish_copies": "on",
        },
    )
    assert not EventPage.objects.get(slug="copy").live


def test_a_bulk_action_publishes_nothing_and_names_pages_without_a_source(admin_client):
    good, bad = factories.make_event(live=False), draft()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = admin_client.post(f"{address}?id={good.pk}&id={bad.pk}&next=/admin/", {}, follow=True)
    assert "“Unsourced” has no source yet" in response.content.decode()
    assert not EventPage.objects.live().exists()


def test_a_bulk_action_checks_descendants(admin_client):
    bad = draft()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    timeline = bad.get_parent()
    response = admin_client.post(
        f"{address}?id={timeline.pk}&next=/admin/", {"include_descendants": "on"}, follow=True
    )
    assert "“Unsourced” has no source yet" in response.content.decode()
    assert not EventPage.objects.live().exists()


def test_a_schedule_does_not_publish_without_a_source():
    draft().save_revision(approved_go_live_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(ExceptionGroup, match="could be done"):
        call_command("publish_scheduled")
    assert not EventPage.objects.live().exists()


@pytest.mark.parametrize("make", [factories.make_event, factories.make_concern])
def test_a_revision_published_from_the_shell_is_refused(make):
    page = make(sources=[], live=False)
    with pytest.raises(NotPublishable):
        page.get_latest_revision().publish()
    page.refresh_from_db()
    assert not page.live


@pytest.mark.parametrize("make", [factories.make_event, factories.make_concern])
def test_a_page_added_live_from_the_shell_is_refused(make):
    with pytest.raises(NotPublishable):
        make(sources=[])
    assert not EventPage.objects.exists()
    assert not ConcernPage.objects.exists()


@pytest.mark.parametrize("lacking", ["date", "category"])
def test_an_event_without_date_or_category_is_never_published(lacking):
    event = factories.unfinished(factories.make_event(live=False), lacking)
    with pytest.raises(NotPublishable):
        event.get_latest_revision().publish()
    event.refresh_from_db()
    assert not event.live
