"""The checks beside the preview: of what was typed last, for those who may edit the page."""

import json
import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import FormState

from tests.support import factories
from tests.support.forms import form_of
from timeline.models import EventPage, EventSource

pytestmark = pytest.mark.django_db


def preview_of(page):
    return reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])


def preview_of_new():
    timeline = factories.make_timeline()
    return reverse("wagtailadmin_pages:preview_on_add", args=["timeline", "eventpage", timeline.pk])


def checks(client, preview):
    response = client.get(f"{preview}checks/")
    assert response.status_code == 200
    return response.content.decode()


def sourced_event(**fields):
    return factories.make_event(sources=[EventSource(title="Minutes", note="page 2")], **fields)


def test_the_checks_are_about_unsaved_text(admin_client):
    event = sourced_event()
    assert "Go to it" not in checks(admin_client, preview_of(event))
    admin_client.post(preview_of(event), form_of(event, summary="", sources=["Minutes"]))
    html = checks(admin_client, preview_of(event))
    assert "Summary is still empty" in html
    assert 'data-problem="summary"' in html


def test_a_save_after_the_preview_is_checked_instead(admin_client):
    event = sourced_event()
    admin_client.post(preview_of(event), form_of(event, summary=""))
    FormState.objects.update(last_updated_at=timezone.now() - timezone.timedelta(hours=1))
    event.save_revision()
    assert "Summary is still empty" not in checks(admin_client, preview_of(event))


def test_a_new_page_is_checked_and_needs_a_title(admin_client):
    preview = preview_of_new()
    admin_client.post(preview, form_of(None, title="", slug="", date="", category=""))
    html = checks(admin_client, preview)
    for words in ("Title is still empty", "Date is still empty", "Category is still empty", "No source yet"):
        assert words in html
    assert "seen by the public" not in html
    assert "Slug" not in html


def test_a_preview_does_not_require_what_the_checks_require(admin_client):
    preview = preview_of_new()
    admin_client.post(preview, form_of(None, date="", category=""))
    html = admin_client.get(preview).content.decode()
    assert "What happened." in html
    assert "data-problem" not in html
    assert "None" not in html


def test_text_in_the_checks_is_escaped(admin_client):
    event = sourced_event(body=[("heading", {"text": "<script>alert(1)</script>", "level": "h3"})])
    html = checks(admin_client, preview_of(event))
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


def test_hints_come_last_and_are_marked(admin_client):
    event = factories.make_event(body=[("heading", {"text": "Who", "level": "h3"})])
    html = checks(admin_client, preview_of(event))
    assert html.index("“Who” is a subsection") < html.index("Hint:") < html.index("cannot be checked")


@pytest.mark.parametrize("address", [preview_of_new, lambda: preview_of(factories.make_event())])
def test_only_users_who_may_edit_the_page_see_its_checks(address, client, admin_client, django_user_model):
    address = f"{address()}checks/"
    assert client.get(address).headers["Location"].startswith(reverse("wagtailadmin_login"))
    someone = django_user_model.objects.create_user("someone", password="a long password")
    client.force_login(someone)
    assert client.get(address).status_code == 302
    someone.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert client.get(address).status_code in {302, 403}
    assert "data-problem" not in client.get(address, follow=True).content.decode()
    assert admin_client.post(address).status_code == 405


def test_a_draft_with_a_title_is_autosaved(admin_client):
    address = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", factories.make_timeline().pk])
    form = form_of(None, date="", category="", summary="")
    response = admin_client.post(address, form, headers={"Accept": "application/json"})
    assert response.json()["success"]
    event = EventPage.objects.get()
    assert not event.live
    assert event.get_latest_revision_as_object().category is None

    form |= {"action-publish": "1"}
    form["sources-TOTAL_FORMS"] = "0"
    admin_client.post(reverse("wagtailadmin_pages:edit", args=[event.pk]), form)
    assert not EventPage.objects.live().exists()


def test_a_bulk_action_publishes_no_half_finished_page_and_says_what_it_lacks(admin_client):
    address = reverse("wagtailadmin_pages:add", args=["timeline", "eventpage", factories.make_timeline().pk])
    admin_client.post(address, form_of(None, date="", category="", sources=["Minutes"]))
    event = EventPage.objects.get()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    html = admin_client.post(f"{bulk}?id={event.pk}", follow=True).content.decode()
    assert "“New event” cannot be published yet. Open it and fix: Date, Category." in html
    assert not EventPage.objects.live().exists()


def test_the_panel_has_no_duplicate_checks_and_no_links_to_other_sites(admin_client):
    html = admin_client.get(
        reverse("wagtailadmin_pages:edit", args=[factories.make_event().pk])
    ).content.decode()
    assert "data-checks" in html
    config = re.search(r'"checker-axe-configuration"[^>]*>(.*?)</script>', html, re.DOTALL)[1]
    assert "alt-text-quality" in json.loads(config)["options"]["runOnly"]
    assert "heading-order" not in json.loads(config)["options"]["runOnly"]
    assert "guide.wagtail.org/content-checks" not in html
