"""Who may publish a page can withhold a version that would harm somebody. Its text is gone everywhere."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import FormState

from home.models import Suggestion, WithheldVersion
from tests.support import factories
from tests.support.people import member
from tests.support.versions import date_back, publish_on

pytestmark = pytest.mark.django_db
NAME = "Somebody Private"


@pytest.fixture
def event(groups):
    event = factories.make_event(title="Meeting", slug="meeting")
    date_back("2026-11-01", event)
    event.summary = f"Draft: {NAME}."
    event.save_revision()
    words = {"title": f"Meeting with {NAME}", "summary": f"{NAME} came."}
    publish_on("2026-11-10", event, imported={"text": {"headline": NAME}}, **words)
    preview = {"data": NAME, "last_updated_at": timezone.now()}
    FormState.objects.update_or_create_by_instance(event, user=member("Contributors"), defaults=preview)
    content = event.serializable_data() | {"summary": f"{NAME}, a mechanic, came."}
    state = Suggestion.State.DECLINED
    Suggestion.objects.create(page=event, base=content, content=content, reason="More", state=state)
    return publish_on("2026-11-20", event, title="Meeting", summary="A resident came.")


def withhold(client, event, day="2026-11-10", reason="It named a resident."):
    return client.post(reverse("withhold_version", args=[event.pk, day]), {"reason": reason})


def test_the_reason_stands_in_the_place_of_the_text(admin_client, client, event):
    assert withhold(admin_client, event).status_code == 302
    assert "It named a resident." in client.get(f"{event.url}history/").content.decode()
    for address in ("?at=2026-11-10", "history/2026-11-10/"):
        response = client.get(event.url + address)
        assert "It named a resident." in response.content.decode()
        assert NAME not in response.content.decode()
    assert client.get(f"{event.url}?at=2026-11-10").status_code == 410
    after = client.get(f"{event.url}history/2026-11-20/").content.decode()
    assert "The version before it can" in after
    assert NAME not in after
    assert "A resident came." in client.get(f"{event.url}?at=2026-11-20").content.decode()
    assert client.get(f"{event.url}?at=2026-11-01").status_code == 200


def test_no_table_has_the_text(admin_client, event):
    def found():
        with connection.cursor() as cursor:
            names = connection.introspection.table_names(cursor)
            return [
                name for name in names if NAME in str(cursor.execute(f'SELECT * FROM "{name}"').fetchall())
            ]

    assert {*found()} == {
        *("home_suggestion", "timeline_eventpage", "wagtailadmin_formstate"),
        *("wagtailcore_pagelogentry", "wagtailcore_revision"),
    }
    withhold(admin_client, event)
    assert found() == []


def test_what_visitors_read_now_cannot_be_withheld(admin_client, event):
    assert withhold(admin_client, event, "2026-11-20").status_code == 404
    assert withhold(admin_client, event, "2026-11-15").status_code == 404
    assert not WithheldVersion.objects.exists()


def test_a_reason_is_needed(admin_client, event):
    response = withhold(admin_client, event, reason="")
    assert response.status_code == 200
    assert "This field is required" in response.content.decode()
    assert not WithheldVersion.objects.exists()


@pytest.mark.parametrize(("group", "status"), [("Editors", 302), ("Moderators", 302)])
def test_who_may_publish_may_withhold(client, event, group, status):
    client.force_login(member(group))
    may = group == "Moderators"
    assert (withhold(client, event).url.startswith("/admin/pages/")) == may
    assert WithheldVersion.objects.exists() == may


def test_the_form_of_the_page_leads_there(admin_client, event):
    form = admin_client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    address = reverse("page_versions", args=[event.pk])
    assert address in form
    listed = admin_client.get(address).content.decode()
    assert listed.count("Withhold it") == 2
    assert reverse("withhold_version", args=[event.pk, "2026-11-10"]) in listed
