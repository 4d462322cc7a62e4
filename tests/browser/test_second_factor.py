"""Setting up an app for codes in a browser, and signing in again with a code while a text is unsaved."""

import pytest
from playwright.sync_api import expect

from home.models import AuthenticatorApp
from tests.support.second_factor import code_of, set_up
from timeline.models import EventPage

pytestmark = pytest.mark.browser

PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300


def give_password(page, site):
    page.goto(f"{site}/admin/login/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def give_code(page, site, code):
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/admin/")


def test_a_person_sets_up_an_app_and_keeps_the_recovery_codes(page, site, django_user_model):
    user = django_user_model.objects.create_superuser("editor", password=PASSWORD)
    errors = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    give_password(page, site)
    page.get_by_role("heading", name="Set up codes for signing in").wait_for()
    key = "".join(page.locator(".lw-key span").all_inner_texts())
    assert len(key) == 32
    link = page.get_by_role("link", name="Open the app on this device").get_attribute("href")
    assert f"secret={key}" in link
    page.get_by_role("textbox", name="Code").fill("000000")
    page.get_by_role("button", name="Turn on").click()
    page.get_by_text("This is not the code that the app should show now.").wait_for()
    app = AuthenticatorApp(user=user, key=session_key(page))
    page.get_by_role("textbox", name="Code").fill(code_of(app))
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    codes = page.locator(".lw-codes li").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as a file").click()
    assert download.value.suggested_filename == "recovery-codes.txt"
    saved = download.value.path().read_text()
    assert all(code.replace(" ", "") in saved for code in codes)
    page.evaluate("window.print = () => { window.isPrinted = true }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.isPrinted")
    # The browser asks for the confirmation.
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.get_by_label("I have printed, saved or written down these codes.").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{site}/admin/")
    assert errors == []
    page.goto(f"{site}/admin/account/")
    page.get_by_text("You have 10 recovery codes left.").wait_for()
    page.get_by_role("link", name="Make new recovery codes").click()
    other = django_user_model.objects.create_user("other")
    set_up(other)
    page.goto(f"{site}/admin/users/edit/{other.pk}/")
    page.get_by_role("link", name="Reset codes for signing in").click()


def session_key(page):
    """Return the stored key of the app that is being set up."""
    from django.contrib.sessions.backends.db import SessionStore

    cookie = next(cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid")
    return SessionStore(cookie["value"])["second_factor_key"]


def test_a_text_is_saved_after_signing_in_again_with_a_code(page, site, django_user_model):
    app, codes = set_up(django_user_model.objects.create_superuser("editor", password=PASSWORD))
    give_password(page, site)
    give_code(page, site, code_of(app, later=1))
    event = EventPage.objects.get(title="The pilot launches")
    form = page.context.new_page()
    form.goto(f"{site}/admin/pages/{event.pk}/edit/")
    page.context.clear_cookies(name="sessionid")
    form.locator("[name=place]").fill("Hill North")
    with page.context.expect_page() as opened:
        form.get_by_role("link", name="Sign in again").click()
    tab = opened.value
    give_password(tab, site)
    tab.get_by_role("heading", name="Type your code").wait_for()
    # With the password alone, nothing is saved.
    form.bring_to_front()
    form.evaluate("dispatchEvent(new Event('focus'))")
    expect(form.get_by_role("dialog")).to_be_visible()
    assert EventPage.objects.get(pk=event.pk).get_latest_revision_as_object().place != "Hill North"
    tab.bring_to_front()
    give_code(tab, site, codes[0])
    form.bring_to_front()
    with form.expect_navigation():
        form.evaluate("dispatchEvent(new Event('focus'))")
    expect(form.locator("[name=place]")).to_have_value("Hill North")
    assert EventPage.objects.get(pk=event.pk).get_latest_revision_as_object().place == "Hill North"
