"""The report of dead links: whom it tells what, and how an archived copy gets to the source."""

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
from leadwatch.groups import set_up_groups
from tests.support import factories
from timeline.models import EventPage, EventSource

pytestmark = pytest.mark.django_db

URL = "https://gone.example/story"
SINCE, LAST = datetime(2024, 5, 1, 12, tzinfo=UTC), datetime(2024, 5, 9, 12, tzinfo=UTC)
COPY = "https://web.archive.org/web/2018/https://gone.example/story"


def somebody(client, group):
    set_up_groups(factories.make_home())
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


def test_the_report_says_what_is_dead_where_it_stands_and_what_to_do(client):
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


def test_what_is_written_on_a_page_is_escaped(client):
    somebody(client, "Editors")
    url = "https://x.example/?a=<script>alert(1)</script>"
    body = [{"type": "button", "value": {"text": "<b>Go</b>", "page": None, "url": url}}]
    factories.make_standard_page(title="<i>Title</i>", body=body)
    dead(url)
    html = report(client)
    assert "&lt;b&gt;Go&lt;/b&gt;" in html
    assert "&lt;i&gt;Title&lt;/i&gt;" in html
    assert "<script>alert(1)" not in html


def test_links_that_failed_once_are_not_in_it(client):
    somebody(client, "Editors")
    with_source()
    dead(failures=2)
    assert URL not in report(client)


@pytest.mark.parametrize("state", ["moved", "unknown"])
def test_other_links_are_shown_when_they_are_asked_for(client, state):
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


def test_nobody_is_told_of_pages_that_she_may_not_change(client):
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
    assert (notice.count, notice.words) == (1, "1 link leads nowhere")


def test_one_link_of_two_pages_names_only_the_page_that_she_may_change(client):
    user = somebody(client, "Contributors")
    with_source("Of others")
    with_source("Mine", owner=user)
    dead()
    html = report(client)
    assert "Mine" in html
    assert "Of others" not in html


@pytest.mark.parametrize("address", ["dead_links", "dead_links_results"])
def test_the_report_is_for_those_who_write(client, address):
    set_up_groups(factories.make_home())
    assert client.get(reverse(address)).status_code == 302
    client.force_login(User.objects.create_user("nobody"))
    assert client.get(reverse(address)).status_code == 302
    somebody(client, "Editors")
    assert client.get(reverse(address)).status_code == 200
    assert reverse("dead_links") in client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_site_that_does_not_look_says_so(client, settings):
    somebody(client, "Editors")
    assert "not looked at" in report(client)
    settings.CHECK_LINKS = True
    assert "not looked at" not in report(client)


def test_the_report_can_be_taken_along_and_no_cell_is_a_formula(client):
    somebody(client, "Editors")
    with_source("=HYPERLINK(1)")
    dead()
    response = client.get(reverse("dead_links"), {"export": "csv"})
    heading, row = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert heading.startswith("Address,What is wrong")
    assert row.startswith(f"{URL},It is not there.")
    assert "/admin/pages/" in row
    assert not any(cell.lstrip('"').startswith(("=", "+", "-", "@")) for cell in row.split(","))


def test_the_report_asks_the_database_no_more_for_many_than_for_one(client, django_assert_num_queries):
    somebody(client, "Editors")
    with_source()
    dead()
    report(client)
    with CaptureQueriesContext(connection) as once:
        report(client)
    for number in range(9):
        with_source(f"Event {number}", f"https://{number}.example/")
        dead(f"https://{number}.example/")
    with django_assert_num_queries(len(once)):
        assert "https://8.example/" in report(client)


def copies(event):
    return [source.archived_url for source in EventPage.objects.get(pk=event.pk).sources.all()]


def draft_copies(event):
    page = EventPage.objects.get(pk=event.pk)
    return [source.archived_url for source in page.get_latest_revision_as_object().sources.all()]


def test_a_moderator_gives_a_copy_and_visitors_see_it(client):
    somebody(client, "Moderators")
    event = with_source()
    html = give_copy(client, dead())
    assert "Visitors see the archived copy now" in html
    assert copies(event) == [COPY]
    assert COPY in client.get(event.url).content.decode()
    assert LinkUse.objects.get().archived_url == COPY
    html = report(client)
    assert "Visitors see an archived copy" in html
    assert "dead-link__copy" not in html


def test_the_draft_of_somebody_else_is_not_published_with_it(client):
    somebody(client, "Moderators")
    event = with_source()
    event.title = "Half done"
    event.save_revision()
    html = give_copy(client, dead())
    assert "seen when that is published" in html
    event = EventPage.objects.get()
    assert (event.title, copies(event), draft_copies(event)) == ("The event", [""], [COPY])
    assert event.get_latest_revision_as_object().title == "Half done"


def test_who_may_not_publish_writes_a_draft(client):
    somebody(client, "Editors")
    event = with_source()
    give_copy(client, dead())
    assert (copies(event), draft_copies(event)) == ([""], [COPY])
    assert EventPage.objects.get().latest_revision.user.username == "Editors"


def test_a_page_that_somebody_locked_is_left(client):
    somebody(client, "Moderators")
    event = with_source()
    EventPage.objects.filter(pk=event.pk).update(locked=True, locked_by=User.objects.create_user("other"))
    assert "locked" in give_copy(client, dead())
    assert draft_copies(event) == [""]


def test_a_figure_gets_its_copy_too(client):
    somebody(client, "Moderators")
    figure = factories.make_figure()
    source = figure.sources.get()
    source.url = URL
    figure.sources = [source]
    figure.save_revision().publish()
    give_copy(client, dead())
    assert FigureSource.objects.get().archived_url == COPY


@pytest.mark.parametrize("address", ["", "no address", "javascript:alert(1)", "ftp://a.example/", URL])
def test_only_the_address_of_a_copy_is_taken(client, address):
    somebody(client, "Moderators")
    event = with_source()
    give_copy(client, dead(), address)
    assert draft_copies(event) == [""]


def test_nobody_writes_into_a_page_that_she_may_not_change(client):
    somebody(client, "Contributors")
    event = with_source()
    link = dead()
    give_copy(client, link)
    assert draft_copies(event) == [""]
    client.logout()
    give_copy(client, link)
    assert draft_copies(event) == [""]
    assert event.revisions.count() == 1


def test_the_form_leads_back_to_this_site_only_and_is_no_link(client):
    somebody(client, "Moderators")
    with_source()
    link = dead()
    url = reverse("dead_link_archived", args=[link.pk])
    response = client.post(url, {f"link-{link.pk}-archived_url": COPY, "next": "https://evil.example/"})
    assert response["Location"] == reverse("dead_links")
    assert client.get(url).status_code == 405
