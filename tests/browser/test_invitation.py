"""An invitation in the browser: from the mail to the first screen."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PASSWORD = "three violet kettles"


@pytest.fixture
def link(browser, admin, django_user_model):
    """Invite Ana in the admin, and return the address from her mail."""
    django_user_model.objects.create_superuser("administrators", password=admin.PASSWORD)
    administrator = browser.new_page()
    admin.sign_in(administrator, "Administrators")
    administrator.goto(f"{admin.url}/admin/users/")
    administrator.get_by_role("link", name="Invite a person").click()
    for label, value in {"First Name": "Ana", "Last Name": "Lee", "Email": "ana@example.org"}.items():
        administrator.get_by_label(label).fill(value)
    administrator.get_by_label("Contributor").check()
    administrator.get_by_role("button", name="Send the invitation").click()
    shown = administrator.get_by_label("Link to choose a password").input_value()
    [letter] = [letter for letter in mail.outbox if letter.to == ["ana@example.org"]]
    assert shown in letter.body
    path = re.search(r"/admin/invitation/\S+", letter.body)[0]
    yield f"{admin.url}{path}"
    mail.outbox.clear()


def choose_password(page):
    page.get_by_label("New password", exact=False).first.fill(PASSWORD)
    page.get_by_label("New password confirmation").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()


def test_an_invited_person_chooses_a_password_and_gets_to_the_first_screen(browser, admin, link):
    page = browser.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", name="Choose your password")).to_be_visible()
    expect(page.get_by_text("Your username is ana.")).to_be_visible()
    assert link != page.url
    choose_password(page)
    page.wait_for_url(f"{admin.url}/admin/")
    expect(page.get_by_text("Your password is saved.")).to_be_visible()
    expect(page.get_by_role("link", name="Add an event").first).to_be_visible()

    other = browser.new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name="This link no longer works")).to_be_visible()
    other.get_by_role("link", name="Sign in").click()
    other.get_by_label("Username").fill("ana")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(f"{admin.url}/admin/")


def test_an_expired_link_says_what_to_do(browser, link):
    page = browser.new_page()
    later = PasswordResetTokenGenerator()._now() + timedelta(days=3, hours=1)
    with patch.object(PasswordResetTokenGenerator, "_now", return_value=later):
        page.goto(link)
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    expect(page.get_by_text("ask the person who invited you to send the invitation again")).to_be_visible()
    expect(page.get_by_label("New password")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_no_violations(browser, admin, link, django_user_model, width, scheme):
    window = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}, "reduced_motion": "reduce"}
    page, outside = browser.new_page(**window), browser.new_page(**window)
    admin.sign_in(page, "Administrators")
    editor = django_user_model.objects.get(username="editors")
    # These are Wagtail's own.
    without = {"exclude": [["[data-sidebar]"], ["#wagtail-sidebar"], [".skiplink"]]}
    for path in ("new/", *(f"{name}/{editor.pk}/" for name in ("edit", "link", "leaving"))):
        page.goto(f"{admin.url}/admin/users/{path}")
        page.mouse.move(0, 0)
        found = Axe().run(page, without)
        assert found.violations_count == 0, (path, found.generate_report())
    for address in (link, f"{admin.url}/admin/invitation/MQ/bad-token/"):
        outside.goto(address)
        found = Axe().run(outside, without)
        assert found.violations_count == 0, (address, found.generate_report())
