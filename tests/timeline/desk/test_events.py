import re

import pytest
from django.contrib.auth.models import Group, Permission

from tests import factories
from timeline.starter_content.groups import set_up_groups

pytestmark = pytest.mark.django_db

LIST = "/admin/timeline/eventpage/"


def test_the_list_of_events_shows_each_date_at_its_precision_and_counts_sources(admin_client):
    factories.make_event(title="Protest", date="2017-12")
    html = admin_client.get(LIST).content.decode()
    assert "Protest" in html
    assert "December 2017" in html
    # Whether it is live is a word: the icons of Django's admin are not installed.
    assert re.search(r"<td[^>]*>\s*live\s*</td>", html)
    assert "admin/img" not in html


@pytest.mark.parametrize("query", ["?q=protest", "?verification__exact=reported", "?o=-1", '?q="'])
def test_the_list_can_be_searched_narrowed_and_sorted(admin_client, query):
    factories.make_event(title="Protest")
    assert admin_client.get(LIST + query).status_code == 200


@pytest.mark.parametrize(("group", "events"), [("Contributors", 0), ("Editors", 1), ("Moderators", 1)])
def test_the_list_holds_what_one_may_change(client, django_user_model, group, events):
    factories.make_event(title="Protest")
    set_up_groups(factories.make_home())
    user = django_user_model.objects.create_user(group)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    assert client.get(LIST).content.decode().count('data-object-pk="') == events


def test_somebody_who_may_only_sign_in_sees_no_list(client, django_user_model):
    factories.make_event()
    user = django_user_model.objects.create_user("reader")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    assert client.get(LIST).status_code in (302, 403)


@pytest.mark.parametrize("lookup", ["owner__password__startswith=zzz", "bogus=1", "date__lt=x"])
def test_the_list_takes_no_lookup_but_those_of_its_filters(admin_client, admin_user, lookup):
    factories.make_event(title="Protest", owner=admin_user)
    assert "Protest" in admin_client.get(f"{LIST}?{lookup}").content.decode()
