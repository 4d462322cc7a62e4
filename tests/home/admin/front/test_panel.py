"""The first screen of the admin: what each person may begin, what waits for her, and what is wrong."""

from datetime import date, timedelta
from html import unescape

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Page, Workflow

from home.admin.front.panel import Notice
from home.models import StandardPage
from tests.support import factories

pytestmark = pytest.mark.django_db

REPORTS = ["my_drafts", "pages_without_sources", "pages_past_review", "figures_without_sources"]


@pytest.fixture
def site(groups):
    home = factories.make_home()
    factories.make_timeline()
    factories.make_concern_index()
    factories.make_document_index()
    return home


@pytest.fixture
def person(site, django_user_model):
    """Return a function that signs in a new member of a group, available as `client.user`."""

    def make(group):
        client = Client()
        client.user = django_user_model.objects.create_user(f"{group}-{Page.objects.count()}")
        client.user.groups.add(Group.objects.get(name=group))
        client.force_login(client.user)
        return client

    return make


def screen(client):
    return BeautifulSoup(client.get("/admin/").content, "html.parser")


def shortcuts(client):
    return {link.text.strip(): link["href"] for link in screen(client).select(".lw-shortcuts a")}


def notices(client, part):
    """Return the notices of a section, with their URLs."""
    section = screen(client).find(attrs={"aria-labelledby": f"lw-{part}"})
    return {link.text.strip(): link["href"] for link in section.select("li a")}


def listed(client, name):
    """Return the titles in a report."""
    table = BeautifulSoup(client.get(reverse(name)).content, "html.parser").select("td.title a")
    return [link.text.strip() for link in table]


@pytest.mark.parametrize(
    ("group", "labels"),
    [
        (
            "Contributors",
            [
                "Add an event",
                "Add a concern",
                "Add a document",
                "Upload images",
                "Upload files",
                "Add a figure",
                "Add a term",
                "Import and export",
            ],
        ),
        (
            "Editors",
            [
                "Add an event",
                "Add a concern",
                "Add a document",
                "Upload images",
                "Upload files",
                "Add a figure",
                "Add a term",
                "Import and export",
            ],
        ),
    ],
)
def test_users_see_only_shortcuts_that_open(person, group, labels):
    client = person(group)
    offered = shortcuts(client)
    assert list(offered) == labels
    for address in offered.values():
        assert client.get(address).status_code == 200


def test_a_user_without_permissions_sees_no_shortcuts_and_notices(site, django_user_model):
    factories.make_event(sources=[], live=False, title="Secret draft")
    client = Client()
    user = django_user_model.objects.create_user("reader")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert not shortcuts(client)
    assert "Begin with one of the buttons" not in screen(client).text
    assert not notices(client, "wrong")
    for name in REPORTS:
        assert client.get(reverse(name)).status_code == 302
        assert client.get(reverse(f"{name}_results")).status_code == 302


def test_the_first_screen_has_no_links_to_other_sites(admin_client, site):
    assert not [link for link in screen(admin_client).select("main a[href]") if "//" in link["href"]]


def test_new_users_without_notices_see_a_welcome(person):
    client = person("Editors")
    text = screen(client).text
    assert "Nothing is waiting for you." in text
    assert "There are no known problems." in text
    assert "Welcome! Start with one of the buttons above." in text


def test_users_who_have_edited_pages_see_no_welcome(person):
    client = person("Editors")
    factories.make_event().save_revision(user=client.user, log_action=True).publish()
    assert "Begin with one of the buttons" not in screen(client).text


def test_my_drafts_are_those_that_i_saved_last_and_did_not_submit(person):
    client, other = person("Editors"), person("Moderators")
    moderation = Workflow.objects.first()

    def saved(title, user, **fields):
        page = factories.make_event(title=title)
        page.save_revision(user=user, **fields)
        return page

    saved("Mine", client.user)
    saved("Published", client.user).get_latest_revision().publish()
    saved("Of somebody else", other.user)
    saved("Scheduled", client.user, approved_go_live_at=timezone.now() + timedelta(days=1))
    moderation.start(saved("Submitted", client.user), client.user)
    sent_back = moderation.start(saved("Sent back", client.user), client.user)
    sent_back.current_task_state.reject(user=other.user)

    assert notices(client, "waiting")["You have 2 unfinished drafts."] == reverse("my_drafts")
    assert listed(client, "my_drafts") == ["Sent back", "Mine"]


def test_reviewers_see_how_many_pages_wait_for_review(person):
    author, moderator = person("Contributors"), person("Moderators")
    event = factories.make_event(live=False, owner=author.user)
    Workflow.objects.first().start(event, author.user)
    assert "1 submission waits for your review." in notices(moderator, "waiting")
    # The notice links to Wagtail's own list on the same screen.
    assert screen(moderator).find(id="awaiting-review-section").find(string=event.title)
    assert "review" not in " ".join(notices(author, "waiting"))


def test_pages_and_figures_without_a_source_are_counted_and_listed(person):
    client = person("Editors")
    factories.make_event(title="Sourced")
    factories.make_standard_page(title="Needs none")
    factories.make_event(title="Draft", sources=[], live=False)
    factories.make_concern(title="Concern", sources=[], live=False)
    factories.make_document(title="Record", sources=[])
    figure = factories.make_figure(title="Arrests")
    assert "1 figure has no source." not in notices(client, "wrong")
    figure.sources.all().delete()
    assert notices(client, "wrong") == {
        "3 pages have no source.": reverse("pages_without_sources"),
        "1 figure has no source.": reverse("figures_without_sources"),
    }
    assert listed(client, "pages_without_sources") == ["Record", "Concern", "Draft"]
    assert listed(client, "figures_without_sources") == ["Arrests"]


def test_notices_count_only_pages_that_the_user_may_edit(person):
    client = person("Contributors")
    factories.make_event(title="Of somebody else", sources=[], live=False)
    factories.make_event(title="Mine", sources=[], live=False, owner=client.user)
    figure = factories.make_figure()
    figure.sources.all().delete()
    assert list(notices(client, "wrong")) == ["1 page has no source."]
    assert listed(client, "pages_without_sources") == ["Mine"]
    assert client.get(reverse("figures_without_sources")).status_code == 302
    export = client.get(f"{reverse('pages_without_sources')}?export=csv")
    assert "Of somebody else" not in b"".join(export.streaming_content).decode()


def test_pages_are_past_review_a_year_after_it_or_after_they_were_published(person):
    client = person("Editors")
    today = timezone.localdate()
    long_ago = timezone.now() - timedelta(days=366)

    def published(make, title, then=long_ago, **fields):
        page = make(title=title, **fields)
        Page.objects.filter(pk=page.pk).update(last_published_at=then)

    page = factories.make_standard_page
    published(page, "Forgotten")
    published(page, "Reviewed long ago", timezone.now(), last_reviewed=today - timedelta(days=366))
    published(page, "Reviewed lately", last_reviewed=today - timedelta(days=364))
    published(page, "Published lately", timezone.now())
    published(page, "Draft", live=False)
    published(factories.make_event, "What happened stays so")
    published(factories.make_event, "Until somebody says when to look", last_reviewed=date(2020, 1, 1))
    assert notices(client, "wrong") == {
        "3 pages have not been reviewed for a year.": reverse("pages_past_review"),
    }
    assert set(listed(client, "pages_past_review")) == {
        "Forgotten",
        "Reviewed long ago",
        "Until somebody says when to look",
    }


def test_notices_are_escaped_and_in_order(person):
    client = person("Editors")

    def lines(request):
        yield Notice(1, "<b>Second</b>", "/admin/?a=1&b=2", "warning", order=2)
        yield Notice(1, "First", "/admin/", "warning", order=1)
        yield Notice(0, "Never", "/admin/", "warning")

    with hooks.register_temporarily("register_notice", lines):
        assert list(notices(client, "wrong")) == ["First", "<b>Second</b>"]
        assert "Never" not in unescape(client.get("/admin/").content.decode())


def queries_of(client, address):
    client.get(address)  # Some things are looked up once after each change.
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("address", ["/admin/", *REPORTS])
def test_ten_pages_cost_as_many_queries_as_one(admin_client, admin_user, site, address):
    address = address if address.startswith("/") else reverse(address)

    def one_more():
        factories.make_document(sources=[]).save_revision(user=admin_user)
        factories.make_figure().sources.all().delete()
        page = factories.make_standard_page()
        StandardPage.objects.filter(pk=page.pk).update(last_reviewed=date(2020, 1, 1))

    one_more()
    few = queries_of(admin_client, address)
    for _ in range(9):
        one_more()
    assert queries_of(admin_client, address) == few


def test_the_menu_has_the_reports_that_the_user_may_see(person):
    def menu(client):
        return client.get("/admin/").content.decode()

    assert "Figures without a source" in menu(person("Editors"))
    contributor = menu(person("Contributors"))
    assert "Pages to review again" in contributor
    assert "Figures without a source" not in contributor
