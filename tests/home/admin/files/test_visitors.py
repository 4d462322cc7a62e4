"""The library says whether visitors can open a file, and makes a document of it."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction, GroupPagePermission

from home.models import DocumentPage
from tests.support import factories
from tests.support.people import visitor_of_the_admin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor")]

CLOSED = "No public page uses this file, so visitors cannot open it."
OPEN = "Visitors can open this file."
PRIVATE = "Its collection is private, so visitors cannot open this file."
MAKE = "Make a document of it"
LIST = reverse("wagtaildocs:index")


def text_of(client, address):
    return unescape(client.get(address).content.decode())


def rows(client):
    """Return what the list says about each file."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", text_of(client, LIST), re.DOTALL)
    return [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in found if "_title" in row]


def link_in(client, address):
    return re.search(r'href="([^"]*\?file=\d+)"', text_of(client, address))[1]


def address_of_form():
    index = factories.make_document_index()
    return reverse("wagtailadmin_pages:add", args=["home", "documentpage", index.pk])


def test_a_file_says_whether_visitors_can_open_it(client):
    """Compare what the screens say with what a visitor gets."""
    shown, drafted, unused, private = (
        factories.make_file(title=title, text=title.encode()) for title in ("A", "B", "C", "D")
    )
    factories.make_document(file=shown)
    factories.make_document(file=drafted, live=False)
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    private.collection = collection
    private.save()
    factories.make_document(file=private)
    expected = [OPEN, CLOSED, CLOSED, PRIVATE]
    files = [shown, drafted, unused, private]
    for row, sentence in zip(rows(client), expected, strict=True):
        assert sentence in row
    forms = [text_of(client, reverse("wagtaildocs:edit", args=[file.pk])) for file in files]
    assert [CLOSED in form for form in forms] == [False, True, True, False]
    assert [PRIVATE in form for form in forms] == [False, False, False, True]
    # A document is offered only for the file that has none.
    assert (
        [MAKE in row for row in rows(client)]
        == [MAKE in form for form in forms]
        == [False, False, True, False]
    )
    client.logout()
    assert [client.get(file.url).status_code for file in files] == [200, 404, 404, 302]


def test_the_list_of_files_needs_as_many_queries_for_many_files_as_for_two(client):
    def queries():
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    def make(number):
        factories.make_document(file=factories.make_file(text=b"%d" % number))
        factories.make_file(text=b"unused %d" % number)

    make(0)
    few = queries()
    for number in range(1, 6):
        make(number)
    assert queries() == few


def test_a_document_is_filled_in_from_a_file(client):
    factories.make_document_index()
    words = "Board of Alders\nHeld on October 25, 2016. " + "The police spoke about LEAD. " * 30
    file = factories.make_file(title="Minutes of the board", text=words.encode())
    address = link_in(client, LIST)
    assert address == link_in(client, reverse("wagtaildocs:edit", args=[file.pk]))
    response = client.get(address)
    page = response.context["form"].instance
    html = unescape(response.content.decode())
    assert "Filled in from the file “Minutes of the board”." in html
    assert 'value="Minutes of the board"' in html
    assert 'value="October 25, 2016"' in html
    assert re.search(r'<option value="minutes" selected', html)
    assert re.search(rf'name="file"[^>]*value="{file.pk}"|value="{file.pk}"[^>]*name="file"', html)
    assert page.slug == "minutes-of-the-board"
    assert page.summary.startswith("Board of Alders Held on October 25, 2016. The police")
    assert page.summary.endswith("…")
    assert len(page.summary) <= 300
    assert not DocumentPage.objects.exists()


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "\0"])
def test_any_other_number_leaves_the_form_empty(client, key):
    response = client.get(address_of_form(), {"file": key})
    assert response.context["form"].instance.title == ""


def test_a_document_is_filled_only_from_a_file_that_the_editor_may_use(client):
    address = address_of_form()
    file = factories.make_file(title="Secret", text=b"Hidden words")
    writer, group = visitor_of_the_admin(), Group.objects.create(name="Writers")
    writer.groups.add(group)
    add = Permission.objects.get(codename="add_page")
    GroupPagePermission.objects.create(group=group, page=factories.make_home(), permission=add)
    client.force_login(writer)
    response = client.get(address, {"file": file.pk})
    assert response.status_code == 200
    assert not re.search("Secret|Hidden words", response.content.decode())


def test_nobody_who_may_not_add_documents_is_offered_one(client):
    """Check that without a list of documents, there is only the sentence."""
    file = factories.make_file()
    assert CLOSED in rows(client)[0]
    assert MAKE not in text_of(client, LIST)
    form = text_of(client, reverse("wagtaildocs:edit", args=[file.pk]))
    assert CLOSED in form
    assert MAKE not in form
