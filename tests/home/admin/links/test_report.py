"""The report of dead links: whom it tells what, and how an archived copy gets to the source."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.admin.links.report import dead_links_notice
from home.external_links.fetching import Reason
from home.models import ExternalLink, FigureSource, LinkUse, User
from tests.support import factories
from timeline.models import EventPage, EventSource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

URL = "https://gone.example/story"
SINCE, LAST = datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2024, 5, 9, 12, tzinfo=UTC)
COPY = "https://web.archive.org/web/2018/https://gone.example/story"


def somebody(client, group):
    user = User.objects.create_user(group)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


def with_source(title="The event", url=URL, **fields):
    return factories.make_event(title=title, sources=[EventSource(title="A story", url=url)], **fields)


def dead(url=URL, **fields):
    defaults = {"failures": 3, "reason": Reason.GONE, "failing_since": SINCE, "checked_at": LAST}
    ExternalLink.objects.filter(url=url).update(**(defaults | fields))
    return ExternalLink.objects.get(url=url)


def report(client, **parameters):
    return client.get(reverse("dead_links"), parameters).content.decode()


def give_copy(client, link, address=COPY, **data):
    url = reverse("dead_link_archived", args=[link.pk])
    return client.post(url, {f"link-{link.pk}-archived_url": address} | data, follow=True).content.decode()


def test_the_report_shows_dead_links_their_pages_and_what_to_do(client):
    somebody(client, "Editors")
    event = with_source()
    link = dead()
    html = report(client)
    source = event.sources.get()
    edit = reverse("wagtailadmin_pages:edit", args=[event.pk])
    assert f'href="{edit}#:w:contentpath=sources.{source.pk}.url"' in html
    assert "Source: A story" in " ".join(html.split())
    assert "It is not there." in html
    assert "May 1, 2024" in html
    assert f'href="https://web.archive.org/web/*/{URL}" rel="noopener noreferrer"' in html
    assert reverse("dead_link_archived", args=[link.pk]) in html


def test_the_browser_does_not_refuse_a_copy_without_https(client):
    with_source()
    link = dead()
    somebody(client, "Moderators")
    assert re.search("<form[^>]*dead-link__copy[^>]* novalidate", report(client))
    give_copy(client, link, COPY.removeprefix("https://"))
    assert LinkUse.objects.get().archived_url == COPY


def test_titles_of_pages_are_escaped(client):
    somebody(client, "Editors")
    url = "https://x.example/?a=<script>alert(1)</script>"
    body = [{"type": "button", "value": {"text": "<b>Go</b>", "page": None, "url": url}}]
    factories.make_standard_page(title="<i>Title</i>", body=body)
    dead(url)
    html = report(client)
    assert "&lt;b&gt;Go&lt;/b&gt;" in html
    assert "&lt;i&gt;Title&lt;/i&gt;" in html
    assert "<script>alert(1)" not in html


def test_links_that_failed_once_are_not_in_the_report(client):
    somebody(client, "Editors")
    with_source()
    dead(failures=2)
    assert URL not in report(client)


@pytest.mark.parametrize("state", ["moved", "unknown"])
def test_other_links_are_shown_by_a_filter(client, state):
    somebody(client, "Editors")
    with_source()
    fields = {
        "moved": {"reason": "", "moved_to": "https://new.example/"},
        "unknown": {"reason": Reason.CLOSED},
    }
    dead(failures=0, failing_since=None, **fields[state])
    assert URL not in report(client)
    assert URL not in report(client, state="nonsense")
    html = report(client, state=state)
    assert URL in html
    assert ("https://new.example/" in html) == (state == "moved")


def test_the_report_hides_pages_that_the_user_may_not_edit(client):
    user = somebody(client, "Contributors")
    with_source()
    mine = with_source("Mine", "https://mine.example/", owner=user)
    dead()
    dead("https://mine.example/")
    html = report(client)
    assert mine.title in html
    assert URL not in html
    assert "The event" not in html
    request = RequestFactory().get("/")
    request.user = user
    [notice] = dead_links_notice(request)
    assert (notice.count, notice.words) == (1, "1 link is dead.")


def test_a_link_on_two_pages_shows_only_the_one_that_the_user_may_edit(client):
    user = somebody(client, "Contributors")
    with_source("Of others")
    with_source("Mine", owner=user)
    dead()
    html = report(client)
    assert "Mine" in html
    assert "Of others" not in html


@pytest.mark.parametrize("address", ["dead_links", "dead_links_results"])
def test_the_report_is_for_users_who_may_edit_pages(client, address):
    assert client.get(reverse(address)).status_code == 302
    client.force_login(User.objects.create_user("nobody"))
    assert client.get(reverse(address)).status_code == 302
    somebody(client, "Editors")
    assert client.get(reverse(address)).status_code == 200
    assert reverse("dead_links") in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_report_says_if_link_checking_is_off(client, settings):
    somebody(client, "Editors")
    assert "Link checking is turned off" in report(client)
    settings.CHECK_LINKS = True
    assert "Link checking is turned off" not in report(client)


def test_the_report_can_be_exported_without_formulas(client):
    somebody(client, "Editors")
    with_source("=HYPERLINK(1)")
    dead()
    response = client.get(reverse("dead_links"), {"export": "csv"})
    heading, row = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert heading.startswith("Address,Problem")
    assert row.startswith(f"{URL},It is not there.")
    assert "/admin/pages/" in row
    assert not any(cell.lstrip('"').startswith(("=", "+", "-", "@")) for cell in row.split(","))


def test_the_report_needs_as_many_queries_for_many_links_as_for_one(client, django_assert_num_queries):
    somebody(client, "Editors")
    with_source()
    dead()
    report(client)
    with CaptureQueriesContext(connection) as once:
        report(client)
    count = len(once)
    for number in range(9):
        with_source(f"Event {number}", f"https://{number}.example/")
        dead(f"https://{number}.example/")
    report(client)  # Some things are looked up once after each change.
    with django_assert_num_queries(count):
        assert "https://8.example/" in report(client)


def copies(event):
    return [source.archived_url for source in EventPage.objects.get(pk=event.pk).sources.all()]


def draft_copies(event):
    page = EventPage.objects.get(pk=event.pk)
    return [source.archived_url for source in page.get_latest_revision_as_object().sources.all()]


def test_an_archived_copy_added_by_a_moderator_is_published(client):
    somebody(client, "Moderators")
    event = with_source()
    html = give_copy(client, dead())
    assert "Visitors now see the archived copy" in html
    assert copies(event) == [COPY]
    assert COPY in client.get(event.url).content.decode()
    assert LinkUse.objects.get().archived_url == COPY
    html = report(client)
    assert "Visitors see an archived copy" in html
    assert "dead-link__copy" not in html


def test_other_unpublished_changes_are_not_published_with_it(client):
    somebody(client, "Moderators")
    event = with_source()
    event.title = "Half done"
    event.save_revision()
    html = give_copy(client, dead())
    assert "Publish it to show the copy to visitors" in html
    event = EventPage.objects.get()
    assert (event.title, copies(event), draft_copies(event)) == ("The event", [""], [COPY])
    assert event.get_latest_revision_as_object().title == "Half done"


def test_a_user_who_may_not_publish_saves_a_draft(client):
    somebody(client, "Editors")
    event = with_source()
    give_copy(client, dead())
    assert (copies(event), draft_copies(event)) == ([""], [COPY])
    assert EventPage.objects.get().latest_revision.user.username == "Editors"


def test_a_locked_page_is_not_changed(client):
    somebody(client, "Moderators")
    event = with_source()
    EventPage.objects.filter(pk=event.pk).update(locked=True, locked_by=User.objects.create_user("other"))
    assert "locked" in give_copy(client, dead())
    assert draft_copies(event) == [""]


def test_an_archived_copy_is_added_to_figures_too(client):
    somebody(client, "Moderators")
    figure = factories.make_figure()
    source = figure.sources.get()
    source.url = URL
    figure.sources = [source]
    figure.save_revision().publish()
    give_copy(client, dead())
    assert FigureSource.objects.get().archived_url == COPY


@pytest.mark.parametrize("address", ["", "no address", "javascript:alert(1)", "ftp://a.example/", URL])
def test_only_the_url_of_a_copy_is_accepted(client, address):
    somebody(client, "Moderators")
    event = with_source()
    give_copy(client, dead(), address)
    assert draft_copies(event) == [""]


def test_pages_that_the_user_may_not_edit_are_not_changed(client):
    somebody(client, "Contributors")
    event = with_source()
    link = dead()
    give_copy(client, link)
    assert draft_copies(event) == [""]
    client.logout()
    give_copy(client, link)
    assert draft_copies(event) == [""]
    assert event.revisions.count() == 1


def test_the_form_redirects_only_within_this_site_and_needs_post(client):
    somebody(client, "Moderators")
    with_source()
    link = dead()
    url = reverse("dead_link_archived", args=[link.pk])
    response = client.post(url, {f"link-{link.pk}-archived_url": COPY, "next": "https://evil.example/"})
    assert response["Location"] == reverse("dead_links")
    assert client.get(url).status_code == 405
