from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from home.models import User
from search.models import MissedSearch

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("groups")]


@pytest.fixture
def missed():
    today = timezone.localdate()
    MissedSearch.objects.create(term="bail", day=today - timedelta(days=1), count=2)
    MissedSearch.objects.create(term="bail", day=today, count=3)
    MissedSearch.objects.create(term="naloxone", day=today)
    MissedSearch.objects.create(term="forgotten", day=today - timedelta(days=91))


def signed_in(client, group):
    user = User.objects.create_user(group)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


@pytest.mark.parametrize("group", ["Editors", "Moderators"])
def test_editors_see_searches_without_a_result_by_frequency(client, missed, group):
    html = signed_in(client, group).get(reverse("missed_searches")).content.decode()
    assert html.index("bail") < html.index("naloxone")
    assert "forgotten" not in html
    assert ">5<" in "".join(html.split())
    assert date_format(timezone.localdate()) in html
    assert " ago" not in html, "No time finer than a day is known"


def test_the_report_can_be_exported(client, missed):
    response = signed_in(client, "Editors").get(reverse("missed_searches"), {"export": "csv"})
    rows = b"".join(response.streaming_content).decode().splitlines()
    assert rows[1].startswith("bail,5,")
    assert len(rows) == 3


@pytest.mark.parametrize("address", ["missed_searches", "missed_searches_results"])
def test_others_do_not_see_the_report(client, missed, address):
    assert signed_in(client, "Contributors").get(reverse(address)).status_code == 302


def test_the_menu_has_our_report_and_none_for_developers(client, missed):
    html = signed_in(client, "Editors").get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("missed_searches") in html
    assert reverse("wagtailsearchpromotions:search_terms") not in html
    assert reverse("wagtailadmin_reports:page_types_usage") not in html


def test_editors_may_promote_results(client):
    html = signed_in(client, "Editors").get(reverse("wagtailsearchpromotions:add"))
    assert html.status_code == 200
    assert signed_in(client, "Contributors").get(reverse("wagtailsearchpromotions:add")).status_code == 302
