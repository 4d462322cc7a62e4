"""Two people editing the same page, and one whose session ends: nothing is lost."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import expect
from wagtail.models import Collection

from home.accounts.sessions import ACTED, IDLE
from tests.support import factories
from timeline.models import EventPage

pytestmark = pytest.mark.browser


def sign_in(page, site, username):
    page.goto(f"{site}/admin/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/admin/")


@pytest.fixture(autouse=True)
def _impatient(settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 300
    # Longer than a response takes on a slow machine, since each ping aborts the one before.
    settings.WAGTAIL_EDITING_SESSION_PING_INTERVAL = 2_000


def latest(event):
    return EventPage.objects.get(pk=event.pk).get_latest_revision_as_object()


def in_the_form_of(event, context, site):
    """Open the form of an event in a new page."""
    page = context.new_page()
    page.goto(f"{site}/admin/pages/{event.pk}/edit/")
    return page


def test_two_editors_see_each_other_and_the_second_is_warned_before_overwriting(
    browser, site, django_user_model
):
    event = EventPage.objects.get(title="The pilot launches")
    contexts = [browser.new_context(), browser.new_context()]
    for context, name in zip(contexts, ["Ana", "Eva"], strict=True):
        user = django_user_model.objects.create_superuser(name.lower(), password="a long password")
        user.first_name, user.last_name = name, "Lee"
        user.save()
        sign_in(context.new_page(), site, name.lower())
    ana, eva = (in_the_form_of(event, context, site) for context in contexts)
    for form, other in ((ana, "Eva Lee"), (eva, "Ana Lee")):
        form.locator(".w-editing-sessions__session").hover()
        form.get_by_text(other).first.wait_for()
        form.mouse.move(0, 0)  # Wagtail changes nothing there while the name is shown.

    eva.locator("[name=place]").fill("Downtown")
    eva.get_by_text("Saved", exact=True).wait_for()
    ana.locator(".w-editing-sessions__session--saved").wait_for()
    ana.locator("[name=place]").fill("Hill North")
    ana.get_by_text("Autosave is paused").first.wait_for()
    ana.get_by_role("button", name="Save draft").first.click()
    ana.get_by_text("Proceeding will overwrite the changes made by Eva Lee.").wait_for()
    assert latest(event).place == "Downtown"

    ana.locator("#w-save-confirmation-dialog, [role=dialog]").get_by_role("button", name="Save draft").click()
    ana.locator(".messages .success").wait_for()
    assert latest(event).place == "Hill North"
    assert "Downtown" in [revision.as_object().place for revision in event.revisions.all()]


def end(session_of):
    session_of.context.clear_cookies(name="sessionid")


def let_an_hour_pass(page):
    """Make the session look idle, and the page old."""
    session = Session.objects.get()
    store = SessionStore(session.session_key)
    store[ACTED] -= IDLE
    store.save()
    page.evaluate("(now => { Date.now = () => now() + 3600 * 1000 })(Date.now.bind(Date))")


def sign_in_again(form, site):
    """Sign in in another tab, and come back."""
    with form.context.expect_page() as opened:
        form.get_by_role("link", name="Sign in again").click()
    sign_in(opened.value, site, "editor")
    form.bring_to_front()
    with form.expect_navigation():
        form.evaluate("dispatchEvent(new Event('focus'))")


@pytest.mark.parametrize("end_session", [end, let_an_hour_pass])
def test_an_editor_whose_session_ends_signs_in_again_and_loses_nothing(
    page, site, django_user_model, end_session
):
    event = EventPage.objects.get(title="The pilot launches")
    django_user_model.objects.create_superuser("editor", password="a long password")
    sign_in(page, site, "editor")
    form = in_the_form_of(event, page.context, site)
    end_session(form)
    form.locator("[name=place]").fill("Hill North")
    sign_in_again(form, site)
    expect(form.locator("[name=place]")).to_have_value("Hill North")
    assert latest(event).place == "Hill North"


def test_a_page_can_be_published_after_an_idle_hour(page, site, django_user_model, settings):
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    event = EventPage.objects.get(title="The pilot launches")
    event.unpublish()
    django_user_model.objects.create_superuser("editor", password="a long password")
    sign_in(page, site, "editor")
    form = in_the_form_of(event, page.context, site)
    form.locator("[name=place]").fill("Hill North")
    let_an_hour_pass(form)
    form.get_by_role("button", name="More actions").first.click()
    form.get_by_role("button", name="Publish").click()
    sign_in_again(form, site)
    form.get_by_text("has been published").first.wait_for()
    event.refresh_from_db()
    assert event.live
    assert event.place == "Hill North"


def test_a_form_without_autosave_can_be_saved_after_an_idle_hour(page, site, django_user_model):
    django_user_model.objects.create_superuser("editor", password="a long password")
    sign_in(page, site, "editor")
    page.goto(f"{site}/admin/collections/add/")
    page.locator("[name=name]").fill("Hearings")
    page.locator("[name=parent]").select_option("Root")
    let_an_hour_pass(page)
    page.get_by_role("button", name="Create").click()
    sign_in_again(page, site)
    assert Collection.objects.filter(name="Hearings").exists()


def test_a_check_links_to_its_field(page, site, django_user_model):
    event = factories.make_event(body=[("heading", {"text": "Who", "level": "h3"}), ("text", "<p>We.</p>")])
    django_user_model.objects.create_superuser("editor", password="a long password")
    sign_in(page, site, "editor")
    form = in_the_form_of(event, page.context, site)
    form.get_by_role("button", name="Toggle checks").click()
    problem = form.locator("[data-checks] li", has_text="“Who” is a subsection")
    problem.get_by_role("button", name="Go to it").click()
    level = form.locator("[name=body-0-value-level]")
    expect(level).to_be_focused()
    level.blur()
    level.select_option("h2")
    problem.wait_for(state="detached")
    expect(form.locator("[data-side-panel=checks] [data-content-checker-count]")).to_have_text("0")
    form.get_by_text("Saved", exact=True).wait_for()
