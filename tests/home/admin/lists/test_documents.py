import csv
import re
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.models import FileText
from tests.support import factories
from tests.support.people import member, visitor_of_the_admin

pytestmark = pytest.mark.django_db

LIST = "/admin/home/documentpage/"


@pytest.fixture
def editor(client, admin_user):
    client.force_login(admin_user)
    return client


def titles(client, query=""):
    html = client.get(LIST + query).content.decode()
    return re.findall(r'<a class="lw-list__name"[^>]*>(.*?)</a>', html)


def make_minutes(**fields):
    file = factories.make_file()
    file.get_file_size()
    FileText.objects.read(file)
    return factories.make_document(title="Minutes", kind="minutes", date="2018-03", file=file, **fields)


def test_the_list_shows_each_file_and_whether_it_can_be_searched(editor):
    record = make_minutes()
    html = editor.get(LIST).content.decode()
    cells = dict(re.findall(r'<td data-label="(.*?)"[^>]*>(.*?)</td>', html))
    assert titles(editor) == ["Minutes"]
    assert cells == {
        "Date": "March 2018",
        "Kind": "Minutes",
        "Issued by": "City of New Haven",
        "File": f"{record.file.filename} (20\xa0bytes)<br>can be searched",
        "Sources": "1",
        "Status": "Live",
    }


def test_a_scan_and_a_file_not_read_yet_are_told_apart(editor):
    scan = factories.make_file(name="scan.pdf", text=factories.pdf_file([""]).read())
    FileText.objects.read(scan)
    factories.make_document(title="Scan", file=scan)
    new = factories.make_document(title="New", file=factories.make_file())
    FileText.objects.filter(document=new.file).delete()
    html = editor.get(LIST).content.decode()
    assert "scanned images without text, cannot be searched" in html
    assert "not read by the search yet" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=minutes", ["Minutes"]),
        ("?status=archived", ["Old"]),
        ("?file=none", ["Old"]),
        ("?file=read", ["Minutes"]),
        ("?year=2018", ["Minutes"]),
        ("?sources=none", ["Old"]),
        ("?stage=1-draft", ["Old"]),
        ("?q=joudrey", ["Old"]),
        ("?file__collection__name=x", ["Minutes", "Old"]),
    ],
)
def test_the_list_accepts_only_its_own_filters(editor, query, found):
    make_minutes()
    factories.make_document(
        title="Old", date="2011", status="archived", issued_by="Paul Joudrey", live=False, sources=[]
    )
    assert titles(editor, query) == found


def test_the_export_has_all_columns_in_words(editor):
    record = make_minutes(issued_by="+1 203")
    response = editor.get(f"{LIST}?export=csv")
    (row,) = csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
    assert row["Issued by"] == "'+1 203"
    assert (row["Date"], row["Date to sort by"], row["Kind"]) == ("March 2018", "2018-03", "Minutes")
    assert row["File and search"] == "can be searched"
    assert row["Address"] == record.full_url


def test_the_list_needs_as_many_queries_for_many_documents_as_for_one(editor):
    def queries():
        editor.get(LIST)  # Some things are looked up once after each change.
        with CaptureQueriesContext(connection) as captured:
            editor.get(LIST)
        return len(captured)

    make_minutes()
    few = queries()
    for _number in range(9):
        make_minutes()
    assert queries() == few


def test_contributors_see_only_their_own_documents(client):
    user = member("Contributors")
    mine = make_minutes(owner=user, live=False)
    other = factories.make_document(title="Other")
    client.force_login(user)
    assert titles(client) == ["Minutes"]
    assert client.get(f"{LIST}{mine.pk}/").status_code == 200
    assert client.get(f"{LIST}{other.pk}/").status_code == 404


def test_a_user_without_permissions_sees_no_documents(client):
    record = make_minutes()
    client.force_login(visitor_of_the_admin())
    for address in (LIST, f"{LIST}?export=xlsx", f"{LIST}{record.pk}/"):
        assert client.get(address).status_code in (302, 403, 404)


def test_the_details_link_to_the_file(editor):
    record = make_minutes()
    html = editor.get(f"{LIST}{record.pk}/").content.decode()
    assert f'href="{record.file.url}"' in html
    assert "City and citizens discuss LEAD" in html


def test_a_document_without_a_date_is_exported_and_previewed(editor, rf):
    record = factories.unfinished(make_minutes(live=False), "date")
    response = editor.get(f"{LIST}?export=csv")
    (row,) = csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig")))
    assert (row["Title"], row["Date"], row["Date to sort by"]) == (record.title, "", "")
    assert editor.get(f"/admin/pages/{record.pk}/view_draft/").status_code == 200
