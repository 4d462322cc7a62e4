import csv
from datetime import timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import ModelLogEntry, ReferenceIndex
from wagtail.search.index import Indexed

from home.admin.front import panel
from home.models import ContactMessage
from leadwatch.groups import permission
from tests.support import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

WORDS = "They stopped me on Grand Avenue."
State = ContactMessage.State


@pytest.fixture
def page():
    return factories.make_contact()


@pytest.fixture
def message(page):
    return make_message(page)


def make_message(page, words=WORDS, age=0, **fields):
    form_data = {"your_message": words, "how_can_we_reach_you": "me@example.org"}
    message = ContactMessage.objects.create(**{"page": page, "form_data": form_data} | fields)
    message.submit_time -= timedelta(days=age)
    message.save()
    return message


@pytest.fixture
def sign_in(client, django_user_model):
    def sign_in(group):
        user = django_user_model.objects.create_user(group, password="x")
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        return user

    return sign_in


@pytest.fixture
def moderator(sign_in, page):
    return sign_in("Moderators")


def logged():
    entries = ModelLogEntry.objects.filter(action__startswith="home.message.").order_by("pk")
    return list(entries.values_list("action", "user__username"))


def addresses(message):
    """Return the method, URL and data of every request about a message."""
    one = reverse("message", args=[message.pk])
    chosen = {"message": message.pk}
    return [
        ("get", reverse("inbox"), {}),
        ("get", one, {}),
        ("post", one, {"state": "answered"}),
        ("post", reverse("delete_messages"), chosen),
        ("post", reverse("delete_messages"), chosen | {"confirmed": ""}),
        ("get", reverse("export_messages", args=["csv"]), {}),
        ("get", reverse("export_messages", args=["xlsx"]), {}),
    ]


@pytest.mark.parametrize("group", ["Contributors", "Editors"])
def test_users_who_may_not_publish_the_contact_page_cannot_use_messages(client, message, sign_in, group):
    sign_in(group)
    for method, address, data in addresses(message):
        response = getattr(client, method)(address, data)
        assert (response.status_code, response.url) == (302, "/admin/"), address
    assert ContactMessage.objects.get().state == State.UNREAD
    assert not logged()
    home = client.get("/admin/").content.decode()
    assert reverse("inbox") not in home
    assert "Grand Avenue" not in home


def test_anonymous_users_are_sent_to_the_login(client, message):
    for method, address, data in addresses(message):
        assert getattr(client, method)(address, data).url.startswith("/admin/login/")


def test_messages_of_another_contact_page_stay_hidden(client, moderator, message):
    elsewhere = factories.make_contact(slug="other", parent=factories.make_standard_page())
    other = make_message(elsewhere, "Not for you.")
    group = Group.objects.get(name="Moderators")
    group.page_permissions.all().delete()
    for action in ("change", "publish"):
        group.page_permissions.create(page=message.page, permission=permission("wagtailcore.page", action))
    assert "Not for you." not in client.get(reverse("inbox")).content.decode()
    assert client.get(reverse("message", args=[other.pk])).status_code == 404
    assert client.post(reverse("message", args=[other.pk]), {"state": "answered"}).status_code == 404
    client.post(reverse("delete_messages"), {"message": other.pk, "confirmed": ""})
    assert "Not for you." not in b"".join(client.get(reverse("export_messages", args=["csv"]))).decode()
    other.refresh_from_db()
    assert other.state == State.UNREAD


def test_browsers_may_not_store_responses_with_messages(client, moderator, message):
    for method, address, data in addresses(message):
        response = getattr(client, method)(address, data)
        assert "no-store" in response["Cache-Control"], address


def test_the_list_shows_state_day_first_words_and_deletion_day(client, moderator, page):
    old = make_message(page, "word " * 100, age=3, state=State.ANSWERED)
    html = client.get(reverse("inbox")).content.decode()
    assert "word word" in html
    assert "word " * 40 not in html
    assert html.count("Answered") >= 2
    assert date_format(timezone.localdate() - timedelta(days=3)) in html
    assert date_format(old.deletion_day) in html


def test_opening_a_message_marks_it_read(client, moderator, message):
    assert "Messages (1)" in client.get("/admin/").content.decode()
    html = client.get(reverse("message", args=[message.pk])).content.decode()
    for words in ("Your message", WORDS, "How can we reach you", "me@example.org"):
        assert words in html
    assert "mailto:" not in html
    assert ContactMessage.objects.get().state == State.READ
    assert "Messages (1)" not in client.get("/admin/").content.decode()


def test_an_answered_message_that_is_opened_again_stays_answered(client, moderator, page):
    message = make_message(page, state=State.ANSWERED)
    client.get(reverse("message", args=[message.pk]))
    assert ContactMessage.objects.get().state == State.ANSWERED


@pytest.mark.parametrize("state", State.values)
def test_a_message_is_marked(client, moderator, message, state):
    client.post(reverse("message", args=[message.pk]), {"state": state})
    assert ContactMessage.objects.get().state == state
    assert logged() == [(f"home.message.{state}", "Moderators")]


def test_an_unknown_state_is_ignored(client, moderator, message):
    client.post(reverse("message", args=[message.pk]), {"state": "burnt"})
    assert ContactMessage.objects.get().state == State.UNREAD
    assert not logged()


def test_the_list_is_filtered_by_state(client, moderator, page):
    make_message(page, "An unread one.")
    make_message(page, "An answered one.", state=State.ANSWERED)
    html = client.get(reverse("inbox") + "?state=answered").content.decode()
    assert "An answered one." in html
    assert "An unread one." not in html
    assert "Unread (1)" in html


def test_the_text_of_a_message_is_escaped(client, moderator, page):
    message = make_message(page, "<script>alert(1)</script>\nhttps://evil.example/")
    for address in (reverse("inbox"), reverse("message", args=[message.pk])):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)" in html
        assert 'href="https://evil' not in html


def test_an_answer_to_a_removed_question_is_shown(client, moderator, page):
    message = make_message(page, form_data={"your_message": WORDS, "an_old_question": "An old answer"})
    html = client.get(reverse("message", args=[message.pk])).content.decode()
    assert "an_old_question" in html
    assert "An old answer" in html


def test_messages_are_deleted_only_after_confirmation(client, moderator, page):
    first, second, third = (make_message(page) for _ in range(3))
    chosen = {"message": [first.pk, second.pk]}
    html = client.post(reverse("delete_messages"), chosen).content.decode()
    assert "These 2 messages will be deleted permanently" in html
    assert ContactMessage.objects.count() == 3
    client.post(reverse("delete_messages"), chosen | {"confirmed": ""})
    assert ContactMessage.objects.get() == third


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 40], ["999999"]])
def test_deleting_without_a_selection_deletes_nothing(client, moderator, message, chosen):
    response = client.post(reverse("delete_messages"), {"message": chosen, "confirmed": ""}, follow=True)
    assert "No message is selected." in response.content.decode()
    assert ContactMessage.objects.exists()


def test_each_access_is_logged_without_the_text_of_the_message(client, moderator, message):
    client.get(reverse("inbox"))
    client.get(reverse("message", args=[message.pk]))
    b"".join(client.get(reverse("export_messages", args=["csv"])))
    client.post(reverse("delete_messages"), {"message": message.pk, "confirmed": ""})
    assert logged() == [
        ("home.message.list", "Moderators"),
        ("home.message.open", "Moderators"),
        ("home.message.export", "Moderators"),
        ("home.message.delete", "Moderators"),
    ]
    lines = str(list(ModelLogEntry.objects.values()))
    assert "Grand Avenue" not in lines
    assert "me@example.org" not in lines


def test_the_message_shows_who_opened_it(client, moderator, message):
    html = client.get(reverse("message", args=[message.pk])).content.decode()
    assert "Moderators: Opened" in html


def test_log_entries_of_deleted_users_are_shown(client, moderator, message, django_user_model):
    client.get(reverse("message", args=[message.pk]))
    client.force_login(django_user_model.objects.create_superuser("admin"))
    moderator.delete()
    assert "Opened" in client.get(reverse("message", args=[message.pk])).content.decode()


def test_only_administrators_see_the_log(client, moderator, message, sign_in, django_user_model):
    client.get(reverse("message", args=[message.pk]))
    client.post(reverse("delete_messages"), {"message": message.pk, "confirmed": ""})
    name, report = str(message), reverse("wagtailadmin_reports:site_history")
    sign_in("Contributors")
    assert name not in client.get(report).content.decode()
    client.force_login(django_user_model.objects.create_superuser("admin"))
    html = client.get(report).content.decode()
    assert html.count(name) >= 2
    assert "Grand Avenue" not in html


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_an_export_has_all_messages_and_no_formula(client, moderator, page, extension):
    make_message(page, '=HYPERLINK("https://evil.example")')
    make_message(page, "Ans\x07wered", state=State.ANSWERED)
    content = b"".join(client.get(reverse("export_messages", args=[extension])))
    if extension == "csv":
        headings, *rows = csv.reader(StringIO(content.decode("utf-8-sig")))
    else:
        headings, *rows = openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    assert list(headings) == ["Day", "State", "Deleted on", "Your message", "How can we reach you"]
    assert {row[1] for row in rows} == {"Unread", "Answered"}
    assert '\'=HYPERLINK("https://evil.example")' in [row[3] for row in rows]
    assert rows[0][0] == timezone.localdate().isoformat()


def test_an_export_is_filtered_by_state(client, moderator, page):
    make_message(page, "An unread one.")
    make_message(page, "An answered one.", state=State.ANSWERED)
    content = b"".join(client.get(reverse("export_messages", args=["csv"]) + "?state=answered"))
    assert b"An answered one." in content
    assert b"An unread one." not in content


@pytest.mark.parametrize("name", ["index", "index_results", "list_submissions", "delete_submissions"])
def test_wagtails_own_screens_redirect_to_the_inbox(client, moderator, message, name):
    arguments = [message.page_id] if "submissions" in name else []
    address = reverse(f"wagtailforms:{name}", args=arguments)
    query = f"{address}?selected-submissions={message.pk}&export=csv"
    assert client.get(query).url == reverse("inbox")
    assert client.post(query).url == reverse("inbox")
    assert ContactMessage.objects.exists()
    assert "/admin/forms/" not in client.get("/admin/").content.decode()


def test_messages_are_neither_in_the_search_nor_in_the_usage_of_their_page(client, moderator):
    message = make_message(factories.make_contact(slug="write", title="Write to us"))
    call_command("rebuild_references_index", verbosity=0)
    assert not ReferenceIndex.get_references_to(message.page).exists()
    call_command("update_index", verbosity=0)
    found = client.get(reverse("wagtailadmin_pages:search") + "?q=Grand+Avenue").content.decode()
    assert "Write to us" not in found
    assert not issubclass(ContactMessage, Indexed)


def test_users_who_may_read_messages_see_how_many_are_unanswered(moderator, page, sign_in):
    make_message(page)
    make_message(page, state=State.READ)
    make_message(page, state=State.ANSWERED)

    def told(user):
        request = RequestFactory().get("/admin/")
        request.user = user
        notices = panel.collect("register_notice", request)
        return [(notice.count, notice.words) for notice in notices if notice.url == reverse("inbox")]

    assert told(moderator) == [(2, "2 messages wait for an answer.")]
    assert told(sign_in("Editors"))[0][0] == 0


def test_many_messages_need_no_more_queries_than_one(client, moderator, page):
    views = [reverse("inbox"), reverse("export_messages", args=["csv"])]

    def counts():
        found = []
        for view in views:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                response = client.get(view)
                _all = b"".join(response) if response.streaming else response.content
            found.append(len(queries))
        return found

    make_message(page)
    counts()
    before = counts()
    for _ in range(9):
        make_message(page)
    assert counts() == before
