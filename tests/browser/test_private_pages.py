"""Private pages, opened by people with access."""

import re

import pytest
from playwright.sync_api import expect
from wagtail.models import PageViewRestriction

from tests.support import factories

pytestmark = pytest.mark.browser


def test_the_right_password_opens_a_page_and_a_wrong_one_shows_an_error(page, site):
    private = factories.make_standard_page(title="For partners only")
    PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    page.goto(f"{site}{private.url}?from=mail")
    expect(page.get_by_role("link", name="Exit this page").first).to_be_visible()
    page.get_by_label("Password").fill("a guess")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"^\s*This is not the password"))
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="For partners only").wait_for()
    expect(page).to_have_url(f"{site}{private.url}?from=mail")


def test_signing_in_leads_back_to_the_page(page, site, django_user_model):
    django_user_model.objects.create_user("reader", password="a long password")
    private = factories.make_standard_page(title="For colleagues only")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    page.goto(f"{site}{private.url}")
    page.get_by_label("Username").fill("reader")
    page.get_by_label("Password").fill("a guess")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("correct username and password")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="For colleagues only").wait_for()
    expect(page).to_have_url(f"{site}{private.url}")
