import csv
import re
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Workflow
from wagtail.users.models import UserProfile

from home.models import User
from tests.support import factories
from tests.support.people import member, visitor_of_the_admin
from timeline.exchange.imports.plan import Action
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import read_file
from timeline.models import EventCategory, EventPage, EventSource

pytestmark = pytest.mark.django_db

LIST = "/admin/timeline/eventpage/"


@pytest.fixture
def editor(client, admin_user):
    client.force_login(admin_user)
    return client


def titles(client, query=""):
    html = client.get(LIST + query).content.decode()
    return re.findall(r'<a class="lw-list__name"[^>]*>(.*?)</a>', html)


def cells(client, query=""):
    """Return the cells of the first row, by column."""
    html = client.get(LIST + query).content.decode()
    return dict(re.findall(r'<td data-label="(.*?)"[^>]*>(.*?)</td>', html.partition("<tbody>")[2]))


def rows_of_csv(client, query=""):
    response = client.get(f"{LIST}{query or '?'}&export=csv")
    return list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_the_list_shows_the_main_facts_of_each_event(editor):
    concern = factories.make_concern(title="Informed consent")
    factories.make_event(title="Protest", date="2017-12", verification="disputed", concerns=[concern])
    assert titles(editor) == ["Protest"]
    assert cells(editor) == {
        "Date": "December 2017",
        "Category": "Policy",
        "How sure we are": "Disputed",
        "Sources": "1",
        "Concerns": "Informed consent",
        "Status": "Live",
    }


def test_sorting_by_date_is_chronological(editor):
    for title, date in [("c", "2018-01"), ("a", "2017"), ("b", "2018~"), ("d", "2018-01-05")]:
        factories.make_event(title=title, date=date)
    assert titles(editor) == ["d", "c", "b", "a"]
    assert titles(editor, "?o=0") == ["a", "b", "c", "d"]


def test_the_list_shows_the_status_of_each_event(editor, admin_user):
    factories.make_event(title="Live")
    changed = factories.make_event(title="Changed")
    changed.summary = "New."
    changed.save_revision()
    factories.make_event(title="Draft", live=False)
    factories.make_event(title="Review", live=False)
    factories.make_event(title="Reviewed live")
    for page in EventPage.objects.filter(title__startswith="Review"):
        Workflow.objects.get().start(page, admin_user)
    planned = factories.make_event(title="Planned", live=False)
    planned.go_live_at = "2099-01-01T00:00:00Z"
    planned.save_revision().publish()
    statuses = {
        "1-draft": "Draft",
        "2-review": "Review",
        "3-scheduled": "Planned",
        "5-live": "Live",
        "6-live-draft": "Changed",
        "7-live-review": "Reviewed live",
    }
    for value, title in statuses.items():
        assert titles(editor, f"?stage={value}") == [title]
    html = editor.get(LIST).content.decode()
    for words in (
        "Draft",
        "In review",
        "Scheduled",
        "Live",
        "Live, with draft changes",
        "Live, changes in review",
    ):
        assert f'<td data-label="Status">{words}</td>' in html


@pytest.fixture
def two(editor):
    """Two events that have nothing in common."""
    concern, partner = factories.make_concern(), factories.make_partner()
    factories.make_event(
        title="One",
        date="2016",
        end_date="2018",
        verification="confirmed",
        concerns=[concern],
        partners=[partner],
        place="City Hall",
    )
    other = factories.make_category("funding")
    factories.make_event(title="Two", date="2019-05", category=other, live=False, sources=[])
    return {
        "category": EventCategory.objects.get(slug="policy").pk,
        "verification": "confirmed",
        "concern": concern.pk,
        "partner": partner.pk,
        "year": "2016",
        "sources": "some",
        "stage": "5-live",
        "q": "city hall",
    }


@pytest.mark.parametrize(
    "name", ["category", "verification", "concern", "partner", "year", "sources", "stage", "q"]
)
def test_the_list_can_be_filtered(two, client, name):
    assert titles(client, f"?{name}={two[name]}") == ["One"]


def test_events_without_a_source_are_found(two, client):
    assert titles(client, "?sources=none") == ["Two"]


def test_a_long_event_is_found_in_each_of_its_years(two, client):
    factories.make_event(title="Between", date="2017")
    assert titles(client, "?year=2017") == ["Between", "One"]


@pytest.mark.parametrize(
    "query",
    [
        "?stage=bogus",
        "?category=x",
        "?year=99999999999999999999",
        "?o=99",
        "?o=--1",
        "?p=x",
        "?owner__password__startswith=zzz",
        "?date__lt=x",
        "?verification__exact=disputed",
        "?bogus=1",
    ],
)
def test_the_list_accepts_only_the_choices_of_its_filters(editor, query):
    factories.make_event(title="Protest")
    assert titles(editor, query) == ["Protest"]


@pytest.mark.parametrize("query", ["?q=%00", "?q=" + "a+" * 1000, '?q="', "?q='"])
def test_odd_search_terms_raise_no_error(editor, query):
    factories.make_event()
    assert editor.get(LIST + query).status_code == 200


def test_the_list_needs_as_many_queries_for_many_events_as_for_one(editor):
    def queries(address):
        editor.get(address)  # Some things are looked up once after each change.
        with CaptureQueriesContext(connection) as captured:
            response = editor.get(address)
            if response.streaming:
                list(response.streaming_content)
        return len(captured)

    def make(number):
        concern, partner = factories.make_concern(), factories.make_partner()
        return factories.make_event(date=f"20{number}", concerns=[concern], partners=[partner])

    make(10)
    addresses = [LIST, f"{LIST}?export=csv"]
    few = [queries(address) for address in addresses]
    for number in range(11, 21):
        make(number)
    assert [queries(address) for address in addresses] == few


@pytest.mark.parametrize(("group", "found"), [("Contributors", ["Own"]), ("Editors", ["Own", "Protest"])])
def test_the_list_and_its_export_have_only_events_that_the_user_may_edit(client, group, found):
    factories.make_event(title="Protest")
    user = member(group)
    factories.make_event(title="Own", owner=user, live=False)
    client.force_login(user)
    assert sorted(titles(client)) == found
    assert sorted(row["Title"] for row in rows_of_csv(client)) == found


def test_a_contributor_without_events_can_open_the_form(client):
    timeline = factories.make_timeline()
    client.force_login(member("Contributors"))
    html = client.get(LIST).content.decode()
    assert "There is nothing yet that you may edit." in html
    assert f"{LIST}create/" in html
    answer = client.get(f"{LIST}create/")
    assert answer.url.startswith(f"/admin/pages/add/timeline/eventpage/{timeline.pk}/")


def test_a_user_without_permissions_sees_neither_list_nor_details(client):
    event = factories.make_event()
    client.force_login(visitor_of_the_admin())
    for address in (
        LIST,
        f"{LIST}?export=csv",
        f"{LIST}{event.pk}/",
        f"{LIST}create/",
        f"{LIST}choose_parent/",
    ):
        assert client.get(address).status_code in (302, 403, 404)
        assert client.get(address, follow=True).status_code != 200 or "Protest" not in titles(client)
    assert "timeline/eventpage/" not in client.get("/admin/").content.decode()


def test_modeladmin_has_no_other_views(editor):
    event = factories.make_event()
    for view in ("edit", "delete", "history", "inspect"):
        assert editor.get(f"{LIST}{view}/{event.pk}/").status_code == 404


def test_the_export_has_all_columns_in_words_and_sortable(editor):
    concerns = [factories.make_concern(title="Consent"), factories.make_concern(title="Data")]
    event = factories.make_event(
        title="=1+1", date="2017-12~", end_date="2018", concerns=concerns, verification="confirmed"
    )
    (row,) = rows_of_csv(editor)
    assert row["Title"] == "'=1+1"
    assert (row["Date"], row["Date to sort by"], row["End to sort by"]) == (
        "about December 2017 to 2018",
        "2017-12",
        "2018",
    )
    assert (row["How sure we are"], row["Status"], row["Category"]) == ("Confirmed", "Live", "Policy")
    assert row["Concerns"] == "Consent, Data"
    assert row["Sources"] == "City and citizens discuss LEAD (Yale Daily News)"
    assert row["Address"] == event.full_url
    assert row["End to sort by"] == "2018"


def test_the_export_is_filtered_like_the_list(two, client):
    assert [row["Title"] for row in rows_of_csv(client, "?verification=confirmed")] == ["One"]
    assert [row["Title"] for row in rows_of_csv(client, "?q=city+hall")] == ["One"]


def test_the_excel_export_has_no_formulas_and_control_characters(editor):
    factories.make_event(title="=1+1", summary="a\x0bb")
    response = editor.get(f"{LIST}?export=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    row = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert (row["Title"].value, row["Title"].data_type) == ("=1+1", "s")
    assert row["Summary"].value == "a\nb"
    assert row["Number of sources"].value == 1


def test_the_details_show_the_latest_draft(editor, admin_user):
    event = factories.make_event(title="Protest", summary="What visitors read.")
    event.summary = "What the <b>draft</b> says."
    event.sources = [EventSource(**factories.source_fields(title="Register", url="https://example.org/a"))]
    event.save_revision(user=admin_user)
    html = editor.get(f"{LIST}{event.pk}/").content.decode()
    assert "What the &lt;b&gt;draft&lt;/b&gt; says." in html
    assert "What visitors read." not in html
    assert "Visitors still see the published version." in html
    assert 'href="https://example.org/a"' in html
    assert f"/admin/pages/{event.pk}/history/" in html


def test_the_details_show_the_image_concerns_and_partners(editor):
    event = factories.make_event(
        lead_image=factories.make_image(),
        partners=[factories.make_partner(title="SWAN")],
        body=[("text", "<p>At noon.</p>")],
    )
    html = editor.get(f"{LIST}{event.pk}/").content.decode()
    assert 'alt="People at City Hall"' in html
    assert "SWAN" in html
    assert "At noon." in html
    assert "latest draft" not in html


def test_the_details_are_for_users_who_may_edit_the_event(client):
    event = factories.make_event(live=False)
    client.force_login(member("Contributors"))
    assert client.get(f"{LIST}{event.pk}/").status_code == 404
    EventPage.objects.filter(pk=event.pk).update(owner=User.objects.get(username__startswith="Contributors"))
    assert client.get(f"{LIST}{event.pk}/").status_code == 200


def test_one_menu_has_everything_about_events(client):
    factories.make_timeline()
    client.force_login(member("Editors"))
    html = client.get("/admin/").content.decode()
    for address in (LIST, "/admin/event-exchange/", "/admin/snippets/timeline/eventcategory/"):
        assert f'"{address}"' in html
    client.force_login(member("Contributors"))
    assert '"/admin/snippets/timeline/eventcategory/"' not in client.get("/admin/").content.decode()


def test_the_list_of_categories_counts_their_events(editor):
    factories.make_event()
    factories.make_event()
    html = editor.get("/admin/snippets/timeline/eventcategory/?ordering=-event_count").content.decode()
    assert re.search(r"<td[^>]*>\s*2\s*</td>", html)
    assert editor.get("/admin/snippets/timeline/eventcategory/?q=policy").status_code == 200


def test_the_export_can_be_imported_again(editor):
    concern = factories.make_concern(title="Consent", slug="fit")
    event = factories.make_event(
        title="'=1 & <b>", date="2017-12~", end_date="2018", concerns=[concern], verification="confirmed"
    )
    taken = b"".join(editor.get(f"{LIST}?export=csv").streaming_content).decode()
    file = read_file(taken.encode())
    assert "Number of sources, Sources, Concerns, Took part, Status, Address, Last changed" in file.notes[0]
    plan = make_plan(event.get_parent().specific, file)
    assert [(row.action, row.changes, row.problem) for row in plan.rows] == [(Action.SAME, [], "")]
    # A list that was downloaded under an older heading is read as well.
    older = taken.replace("How sure we are", "Verification").replace("Confirmed", "Disputed")
    (row,) = make_plan(event.get_parent().specific, read_file(older.encode())).rows
    assert (row.event.verification, row.changes) == ("disputed", ["how sure we are"])
    changed = read_file(taken.replace("A summary.", "Another one.").encode())
    (row,) = make_plan(event.get_parent().specific, changed).rows
    assert (row.event.pk, row.event.summary, row.changes) == (event.pk, "Another one.", ["summary"])


def test_an_export_in_spanish_can_be_imported_again(editor, admin_user):
    event = factories.make_event(date="2017-12~", end_date="2018", verification="confirmed")
    UserProfile.objects.create(user=admin_user, preferred_language="es")
    taken = b"".join(editor.get(f"{LIST}?export=xlsx").streaming_content)
    assert "Fecha" in {cell.value for cell in openpyxl.load_workbook(BytesIO(taken)).active[1]}
    plan = make_plan(event.get_parent().specific, read_file(taken))
    assert [(row.action, row.changes, row.problem) for row in plan.rows] == [(Action.SAME, [], "")]


def test_the_export_can_be_imported_again_after_excel_has_rewritten_its_dates(editor):
    event = factories.make_event(date="2017-12")
    taken = b"".join(editor.get(f"{LIST}?export=csv").streaming_content).decode()
    rewritten = taken.replace("December 2017", "Dec-17").replace("2017-12,", "Dec-17,")
    assert rewritten.count("Dec-17") == 2
    plan = make_plan(event.get_parent().specific, read_file(rewritten.encode()))
    assert [(row.action, row.problem) for row in plan.rows] == [(Action.SAME, "")]
