"""Until somebody has given a code, she is a stranger everywhere."""

import logging
from itertools import product

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.models import Collection, CollectionViewRestriction, ModelLogEntry, PageViewRestriction

from home.accounts.invitations import send_link
from home.accounts.log import FAILED, SIGNED_IN
from home.models import User
from tests.support import factories
from tests.support.permissions import requests
from tests.support.permissions.addresses import CLOSED, OPEN, every_address
from tests.support.permissions.world import World
from tests.support.second_factor import code_of, pass_second_factor, set_up
from timeline.models import EventSource

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"
CODE, SET_UP = "/admin/second-factor/", "/admin/second-factor/set-up/"
# The URLs of the admin that strangers may open, or that nobody may, and those for the second factor.
ANSWERING = {*OPEN, *CLOSED, "logout/", "second-factor/", "second-factor/set-up/"}


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def home(groups):
    return factories.make_home()


def person(group, name="ada"):
    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def moderator(home):
    return person("Moderators")


def sign_in(client, name="ada", following="", door="/admin/login/"):
    return client.post(door, {"username": name, "password": PASSWORD, "next": following})


def test_every_url_of_the_admin_is_closed_before_the_code():
    """Moderators and administrators have no app yet; contributors and editors have one."""
    world = World()
    for letter in "CE":
        set_up(world.people[letter])
        world.cookies[letter] = world.sign_in(world.people[letter])
    tried = [address for address in every_address() if address.path not in ANSWERING]
    assert len(tried) > 200
    for address in tried:
        for letter, method in product("CEMA", ("GET", "POST")):
            response = requests.send(world, letter, address, method)
            assert requests.redirects_to_login(response), f"{method} {address.path}: {response.status_code}"


def test_scripts_of_the_admin_get_a_refusal_before_the_code(client, moderator):
    client.force_login(moderator)
    headers = {"x-requested-with": "XMLHttpRequest"}
    assert client.get("/admin/choose-page/", headers=headers).status_code == 403
    assert client.get("/admin/api/main/pages/", headers=headers).status_code == 403


def test_a_moderator_signs_in_with_password_and_code(client, moderator):
    app, _codes = set_up(moderator)
    response = sign_in(client, following="/admin/help/?page=1")
    assert response.url == f"{CODE}?next=%2Fadmin%2Fhelp%2F%3Fpage%3D1"
    page = client.get(response.url)
    assert "Type your code" in page.content.decode()
    assert "data-exit-link" in page.content.decode()
    assert 'value="/admin/help/?page=1"' in page.content.decode()
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    before = client.session.session_key
    response = client.post(response.url, {"code": code_of(app, later=1), "next": "/admin/help/?page=1"})
    assert response.url == "/admin/help/?page=1"
    assert client.session.session_key != before
    assert client.get(response.url).status_code == 200
    # Now these lead on.
    assert client.get("/admin/login/").url == "/admin/"
    assert client.get(CODE).url == "/admin/"


@pytest.mark.parametrize("following", ["//evil.org/", "https://evil.org/", "javascript:go()", "\\\\evil.org"])
def test_the_code_leads_to_this_site_only(client, moderator, following):
    app, _codes = set_up(moderator)
    sign_in(client)
    response = client.post(CODE, {"code": code_of(app, later=1), "next": following})
    assert response.url == "/admin/"


def test_a_code_that_is_wrong_opens_nothing(client, moderator):
    set_up(moderator)
    sign_in(client)
    response = client.post(CODE, {"code": "000000"})
    assert "This code is wrong, or was already used" in response.content.decode()
    assert client.get("/admin/").status_code == 302
    [failed] = ModelLogEntry.objects.filter(action=FAILED)
    assert (failed.object_id, failed.data["count"]) == (str(moderator.pk), 1)


def test_ten_wrong_codes_are_enough(client, moderator):
    app, codes = set_up(moderator)
    sign_in(client)
    wrong = [client.post(CODE, {"code": "000000"}).status_code for _number in range(12)]
    assert wrong == [200] * 10 + [429] * 2
    refused = client.post(CODE, {"code": code_of(app, later=1)})
    assert refused.status_code == 429
    assert "There were too many tries." in refused.content.decode()
    assert client.post(CODE, {"code": codes[0]}).status_code == 429
    # A new session has no new tries, and another address has.
    client.logout()
    sign_in(client)
    assert client.post(CODE, {"code": code_of(app, later=1)}).status_code == 429
    elsewhere = client.post(CODE, {"code": code_of(app, later=1)}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.url == "/admin/"


def test_only_a_right_code_brings_new_tries(client, moderator):
    set_up(moderator)
    sign_in(client)
    statuses = []
    for _number in range(6):
        statuses.append(client.post(CODE, {"code": "000000"}).status_code)
        for path in (SET_UP, "/admin/second-factor/codes/", "/admin/second-factor/remove/"):
            assert client.post(path, {"password": PASSWORD}).status_code in (302, 429)
        sign_in(client)
    assert statuses == [200] * 5 + [429]


def sign_ins():
    return ModelLogEntry.objects.filter(action=SIGNED_IN).count()


def test_a_sign_in_is_logged_once_the_code_is_given(client, moderator):
    app, _codes = set_up(moderator)
    sign_in(client)
    client.post(CODE, {"code": "000000"})
    assert sign_ins() == 0
    client.post(CODE, {"code": code_of(app, later=1)})
    assert sign_ins() == 1
    assert ModelLogEntry.objects.get(action=SIGNED_IN).user == moderator
    # A new app is no new sign-in.
    new = client.get(SET_UP).context_data["app"]
    client.post(SET_UP, {"code": code_of(new), "password": PASSWORD})
    assert sign_ins() == 1


def test_the_first_sign_in_is_logged_once_the_app_is_set_up(client, moderator):
    sign_in(client)
    app = client.get(SET_UP).context_data["app"]
    assert sign_ins() == 0
    client.post(SET_UP, {"code": code_of(app)})
    assert sign_ins() == 1


def test_a_sign_in_without_a_code_is_logged_at_the_password(client, home):
    person("Contributors")
    sign_in(client)
    assert sign_ins() == 1
    app = client.get(SET_UP).context_data["app"]
    client.post(SET_UP, {"code": code_of(app), "password": PASSWORD})
    assert sign_ins() == 1


def test_a_recovery_code_opens_the_admin_and_says_what_is_left(client, moderator):
    _app, codes = set_up(moderator)
    sign_in(client)
    assert client.post(CODE, {"code": codes[3]}).url == "/admin/"
    assert "9 are left" in client.get("/admin/").content.decode()


def test_a_moderator_without_an_app_sets_one_up(client, moderator):
    response = sign_in(client, following="/admin/help/")
    assert client.get(response.url).url == f"{SET_UP}?next=%2Fadmin%2Fhelp%2F"
    page = client.get(SET_UP)
    app = page.context_data["app"]
    assert "<svg" in page.content.decode()
    assert "data-exit-link" in page.content.decode()
    assert app.config_url.startswith("otpauth://totp/New%20Haven%20LEAD%20Watch%3Aada?secret=")
    wrong = client.post(SET_UP, {"code": "000000"})
    # The image stays the same, so that the app still fits.
    assert wrong.context_data["app"].key == app.key
    assert "This is not the code that the app should show" in wrong.content.decode()
    assert client.get("/admin/").status_code == 302
    done = client.post(SET_UP, {"code": code_of(app), "next": "/admin/help/?page=1"})
    codes = done.context_data["codes"]
    text = done.content.decode()
    assert all(f"{code[:4]} {code[4:8]} {code[8:]}" in text for code in codes)
    assert 'name="next" value="/admin/help/?page=1"' in text
    assert client.post(CODE, {"next": "/admin/help/?page=1"}).url == "/admin/help/?page=1"
    assert client.get("/admin/help/").status_code == 200
    client.logout()
    sign_in(client)
    assert client.post(CODE, {"code": codes[0]}).url == "/admin/"


def test_nobody_with_the_password_alone_replaces_the_app(client, moderator):
    app, _codes = set_up(moderator)
    sign_in(client)
    for response in (client.get(SET_UP), client.post(SET_UP, {"code": "000000", "password": PASSWORD})):
        assert response.url.startswith(CODE)
    assert type(app).objects.get().key == app.key


def test_replacing_the_app_takes_the_password(client, moderator):
    old, _codes = set_up(moderator)
    client.force_login(moderator)
    pass_second_factor(client)
    new = client.get(SET_UP).context_data["app"]
    refused = client.post(SET_UP, {"code": code_of(new), "password": "a guess"})
    assert "This is not your password" in refused.content.decode()
    assert type(old).objects.get().key == old.key
    client.post(SET_UP, {"code": code_of(new), "password": PASSWORD})
    assert type(old).objects.get().key == new.key
    assert client.get("/admin/").status_code == 200


def test_contributors_need_a_code_only_if_they_set_up_an_app(client, home):
    user = person("Contributors")
    assert sign_in(client).url == "/admin/"
    account = client.get("/admin/account/").content.decode()
    assert "Set up codes" in account
    app = client.get(SET_UP).context_data["app"]
    client.post(SET_UP, {"code": code_of(app), "password": PASSWORD, "next": "/admin/account/"})
    assert "You have 10 recovery codes left." in client.get("/admin/account/").content.decode()
    client.logout()
    assert sign_in(client).url.startswith(CODE)
    assert client.get("/admin/").status_code == 302
    user.refresh_from_db()
    assert user.second_factor_since


def test_a_new_right_takes_effect_at_once(client, home):
    user = person("Contributors")
    sign_in(client)
    assert client.get("/admin/").status_code == 200
    user.groups.set([Group.objects.get(name="Moderators")])
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.get("/admin/login/").url.startswith(CODE)


def test_a_change_of_the_second_factor_ends_the_other_sessions(client, moderator, django_user_model):
    set_up(moderator)
    other = Client()
    for each in (client, other):
        each.force_login(django_user_model.objects.get())
        pass_second_factor(each)
        assert each.get("/admin/").status_code == 200
    new = client.get(SET_UP).context_data["app"]
    client.post(SET_UP, {"code": code_of(new), "password": PASSWORD})
    assert client.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302
    assert "_auth_user_id" not in other.session


def test_signing_out_works_before_the_code(client, moderator):
    sign_in(client)
    assert client.post("/admin/logout/").url == "/admin/login/"
    assert "_auth_user_id" not in client.session
    assert client.get(CODE).url.startswith("/admin/login/?next=")


def test_another_person_in_the_same_browser_gives_a_code_of_her_own(client, moderator):
    set_up(moderator)
    set_up(person("Moderators", "mona"))
    sign_in(client)
    pass_second_factor(client)
    assert client.get("/admin/").status_code == 200
    assert sign_in(client, "mona").url.startswith(CODE)
    assert client.get("/admin/").status_code == 302
    # The way back, too.
    assert sign_in(client).url.startswith(CODE)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("kind", ["reset", "invitation"])
def test_a_link_to_choose_a_password_does_not_replace_the_code(client, moderator, kind):
    set_up(moderator)
    if kind == "reset":
        names = (
            urlsafe_base64_encode(force_bytes(moderator.pk)),
            default_token_generator.make_token(moderator),
        )
        link = reverse("wagtailadmin_password_reset_confirm", args=names)
    else:
        link = send_link(moderator, moderator).removeprefix(settings.WAGTAILADMIN_BASE_URL)
        moderator.refresh_from_db()
    words = "three violet kettles"
    place = client.get(link, follow=True).redirect_chain[-1][0]
    assert client.post(place, {"new_password1": words, "new_password2": words}).status_code == 302
    assert client.get("/admin/").url.startswith("/admin/login/")
    client.post("/admin/login/", {"username": "ada", "password": words, "remember": "on"})
    assert client.get("/admin/").url.startswith("/admin/login/")
    assert client.get("/admin/login/").url.startswith(CODE)


def test_strangers_are_asked_for_the_password_first(client, home):
    for path in (CODE, SET_UP):
        assert client.get(path).url == f"/admin/login/?next={path}"
        assert client.post(path, {"code": "000000"}).url == f"/admin/login/?next={path}"


def test_private_pages_are_closed_before_the_code(client, moderator):
    page = factories.make_standard_page(title="For us", slug="for-us")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    app, _codes = set_up(moderator)
    asked = client.get(page.url).url
    assert asked.startswith("/_util/login/")
    response = sign_in(client, following=page.url, door="/_util/login/")
    assert response.url == f"{CODE}?next=%2Ffor-us%2F"
    assert client.get(page.url).url == asked
    assert client.get(asked).url == response.url
    assert client.post(CODE, {"code": code_of(app, later=1), "next": page.url}).url == page.url
    assert "For us" in client.get(page.url).content.decode()


@pytest.mark.parametrize("is_published", [True, False])
def test_private_files_are_closed_before_the_code(client, moderator, is_published):
    """The file is used on a page of a private collection, or it is a draft's."""
    collection = Collection.get_first_root_node().add_child(name="For us")
    restriction = CollectionViewRestriction.LOGIN
    CollectionViewRestriction.objects.create(collection=collection, restriction_type=restriction)
    file = factories.make_file(collection=collection)
    image = factories.make_image(collection=collection)
    source = EventSource(**factories.source_fields(document=file))
    factories.make_event(lead_image=image, sources=[source], live=is_published)
    addresses = [file.url, image.get_rendition("width-20").url]
    client.force_login(moderator)
    for address in addresses:
        assert client.get(address).status_code == Client().get(address).status_code != 200
    set_up(moderator)
    client.force_login(moderator)
    pass_second_factor(client)
    assert [client.get(address).status_code for address in addresses] == [200, 200]


def test_public_pages_have_no_bar_before_the_code(client, moderator):
    page = factories.make_standard_page(title="Open", slug="open")
    client.force_login(moderator)
    assert "wagtail-userbar" not in client.get(page.url).content.decode()
    set_up(moderator)
    client.force_login(moderator)
    pass_second_factor(client)
    assert "wagtail-userbar" in client.get(page.url).content.decode()


def test_a_person_who_gave_a_code_takes_no_more_queries(client, home, settings, django_assert_num_queries):
    settings.SECOND_FACTOR_REQUIRED = False
    user = person("Moderators")
    client.force_login(user)
    client.get("/admin/")
    with CaptureQueriesContext(connection) as without:
        client.get("/admin/")
    expected = len(without)
    settings.SECOND_FACTOR_REQUIRED = True
    set_up(user)
    client.force_login(user)
    pass_second_factor(client)
    client.get("/admin/")
    with django_assert_num_queries(expected):
        client.get("/admin/")


def test_no_log_line_and_no_mail_has_a_code_or_a_key(client, moderator, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    sign_in(client)
    app = client.get(SET_UP).context_data["app"]
    code = code_of(app)
    codes = client.post(SET_UP, {"code": code}).context_data["codes"]
    client.logout()
    sign_in(client)
    client.post(CODE, {"code": "314159"})
    client.post(CODE, {"code": codes[0]})
    secret = app.config_url.partition("secret=")[2][:32]
    mails = [mail.body for mail in mailoutbox]
    assert len(mails) == 2
    # Django's debug lines of queries have the stored key, which is of no use alone.
    said = "\n".join([*mails, *(record.getMessage() for record in caplog.records if "db" not in record.name)])
    assert not [word for word in (code, "314159", codes[0], secret, app.key) if word in said]
