"""A new editor's first afternoon, and the review of her work."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from concerns.models import ConcernPage
from home.models import DocumentPage
from tests.support import factories
from tests.support.admin_pages import check_at_both_widths, violations
from timeline.models import EventPage

pytestmark = pytest.mark.browser

OUR_SCREENS = [
    "",
    "help/",
    "messages/",
    "timeline/eventpage/",
    "home/documentpage/",
    "numbers/",
    "number-sets/",
    "event-exchange/",
    "reports/news/",
    "reports/pages-without-sources/",
    "reports/dead-links/",
]
CORRECTED = "Police arrested 590 people and diverted two of them."


@pytest.fixture
def files(tmp_path):
    """Create a photo and the minutes of a meeting on disk."""
    photo, minutes = tmp_path / "IMG_2041.jpg", tmp_path / "Minutes.pdf"
    photo.write_bytes(factories.image_file().read())
    minutes.write_bytes(factories.pdf_file(["Minutes of the meeting on LEAD"]).read())
    return photo, minutes


def upload(page, button, file, title, description=None):
    """Upload an image or a file from the form of a page."""
    page.get_by_role("button", name=button).last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Upload").click()
    dialog.locator("input[type=file]").set_input_files(file)
    # After a moment, the name of the file is proposed as its title, unless a camera made it up.
    page.wait_for_timeout(300)
    expect(dialog.get_by_label("Title")).to_have_value("" if file.stem.startswith("IMG") else file.stem)
    dialog.get_by_label("Title").fill(title)
    if description:
        # What is missing is named at once, and the file is kept.
        dialog.get_by_role("button", name="Upload").click()
        expect(dialog.get_by_text("Describe the image in a sentence, or")).to_be_visible()
        expect(dialog.get_by_text("Choose an answer.")).to_be_visible()
        dialog.get_by_label("Description").fill(description)
        dialog.get_by_label("No, nobody").check()
    dialog.get_by_role("button", name="Upload").click()
    dialog.wait_for(state="hidden")
    page.get_by_text(title).first.wait_for()


def press(page, action):
    """Choose an action at the bottom of a page's form. "Submit for review" is in sight."""
    if action != "Submit for review":
        page.get_by_role("button", name="More actions").click()
    with page.expect_navigation():
        page.get_by_role("button", name=action).click()


def send(page, action):
    """Choose an action, and wait for the message of success."""
    press(page, action)
    page.locator(".messages .success").first.wait_for()


def approve(page):
    """Publish what waits for review. One action does that, and has the words of the handbook."""
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^Approve and publish$")).click()
    page.locator(".messages .success").first.wait_for()


def answer(page, choice, words):
    """Answer the question whether a change is a correction."""
    question = page.get_by_role("region", name="One more question before it is published")
    question.get_by_label(choice).check()
    question.get_by_label("What was wrong, or what is new").fill(words)
    with page.expect_navigation():
        question.get_by_role("button", name="Answer and continue").click()
    page.locator(".messages .success").first.wait_for()


def add_event(page, photo):
    page.get_by_role("link", name="Add an event").click()
    page.locator("[name=title]").fill("City holds a meeting")
    page.locator("[name=date]").fill("Dec 2018")
    page.locator("[name=category]").select_option(index=1)
    page.locator("[name=summary]").fill("People asked what the program had done.")
    page.get_by_text("December 2018").first.wait_for()
    page.locator("#id_sources-ADD").click()
    page.locator("[name=sources-0-title]").fill("City and citizens discuss LEAD")
    upload(page, "Choose an image", photo, "Meeting", "People in the aldermanic chamber")
    send(page, "Submit for review")


def correct_concern(page, admin, concern):
    page.goto(f"{admin.url}/admin/pages/{concern.pk}/edit/")
    page.locator("[name=summary]").fill(CORRECTED)
    press(page, "Submit for review")
    answer(page, "Yes, something was wrong", "The page had named 600 arrests.")


def add_minutes(page, minutes):
    page.get_by_role("link", name="Add a document").click()
    page.locator("[name=title]").fill("Minutes of October 23")
    page.locator("[name=summary]").fill("What was said at the meeting.")
    page.locator("[name=issued_by]").fill("Board of Alders")
    page.locator("[name=date]").fill("10/23/18")
    page.locator("[name=kind]").select_option("minutes")
    upload(page, "Choose a file", minutes, "Minutes, October 23, 2018")
    send(page, "Submit for review")


def add_to_footer(page, admin):
    """Begin a page where the words of the footer are, by keyboard. It is linked once it is published."""
    page.goto(f"{admin.url}/admin/settings/home/sitesettings/")
    check_at_both_widths(page, "main")
    page.get_by_role("link", name="Add a page to the footer").first.press("Enter")
    page.wait_for_url("**/add/**")
    for name, words in {"title": "How we work", "summary": "What we check, and how."}.items():
        page.locator(f"[name={name}]").focus()
        page.keyboard.type(words)
    page.get_by_role("button", name="More actions").press("Enter")
    page.get_by_role("button", name="Publish").press("Enter")
    page.locator(".messages .success").first.wait_for()
    page.goto(f"{admin.url}/staying-safe/")
    expect(page.get_by_role("contentinfo").get_by_role("link", name="How we work")).to_be_visible()


def schedule(page, when):
    """Schedule a page. A day without a time stays in its field until it has one."""
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    field = page.locator("[name=go_live_at]")
    expect(page.get_by_role("dialog")).to_contain_text("Eastern time.")
    check_at_both_widths(page, "#schedule-publishing-dialog")
    field.click()
    page.keyboard.type("11302090")
    page.get_by_role("button", name="Save schedule").click()
    assert field.evaluate("field => field.validity.badInput && field === document.activeElement")
    field.fill(when.strftime("%Y-%m-%dT%H:%M"))
    with page.expect_navigation():
        page.get_by_role("button", name="Save schedule").click()


def test_an_editor_submits_her_work_and_a_moderator_publishes_it(browser, admin, files):
    photo, minutes = files
    concern = ConcernPage.objects.first()
    editor = browser.new_page()
    admin.sign_in(editor, "Editors")
    add_event(editor, photo)
    editor.goto(f"{admin.url}/admin/")
    add_minutes(editor, minutes)
    correct_concern(editor, admin, concern)
    event, record = EventPage.objects.get(title="City holds a meeting"), DocumentPage.objects.latest("pk")
    assert not event.live
    assert not record.live

    moderator = browser.new_page()
    admin.sign_in(moderator, "Moderators")
    for page in (event, record):
        moderator.goto(f"{admin.url}/admin/")
        moderator.get_by_role("link", name=page.title).first.click()
        approve(moderator)
    moderator.goto(f"{admin.url}/admin/")
    moderator.get_by_role("link", name=concern.title).first.click()
    moderator.get_by_role("link", name="See what changed").press("Enter")
    expect(moderator.locator("main").get_by_text("The page had named 600 arrests.")).to_be_visible()
    moderator.get_by_role("link", name="Edit", exact=True).click()
    schedule(moderator, timezone.localtime() + timedelta(days=1))
    approve(moderator)
    expect(moderator.locator(".messages")).to_contain_text(f"“{concern.title}” goes live on")

    visitor = browser.new_page()
    visitor.goto(event.full_url)
    expect(visitor.get_by_alt_text("People in the aldermanic chamber")).to_be_visible()
    expect(visitor.get_by_text("City and citizens discuss LEAD").first).to_be_visible()
    visitor.goto(record.full_url)
    expect(visitor.locator("main a[href*='/files/']").first).to_be_visible()
    visitor.goto(concern.full_url)
    expect(visitor.get_by_text(CORRECTED)).to_have_count(0)
    the_day_after = timezone.now() + timedelta(days=2)
    with patch("django.utils.timezone.now", return_value=the_day_after):
        call_command("publish_scheduled")
    visitor.reload()
    expect(visitor.get_by_text(CORRECTED).first).to_be_visible()
    expect(visitor.get_by_text("The page had named 600 arrests.")).to_be_visible()


def test_a_new_contributor_adds_an_event_and_submits_it(browser, admin, files, django_user_model):
    photo, _minutes = files
    django_user_model.objects.create_superuser("administrators", password=admin.PASSWORD)
    administrator = browser.new_page()
    admin.sign_in(administrator, "Administrators")
    administrator.goto(f"{admin.url}/admin/users/new/")
    for name, value in {
        "username": "ana",
        "first_name": "Ana",
        "last_name": "Lee",
        "email": "ana@example.org",
    }.items():
        administrator.locator(f"[name={name}]").fill(value)
    administrator.get_by_label("Contributor").check()
    administrator.get_by_role("button", name="Send the invitation").click()
    link = administrator.get_by_label("Link to choose a password").input_value()
    add_to_footer(administrator, admin)

    contributor = browser.new_page()
    contributor.goto(admin.url + link[link.index("/admin/") :])
    for name in ("new_password1", "new_password2"):
        contributor.locator(f"[name={name}]").fill("three violet kettles")
    contributor.get_by_role("button", name="Save and sign in").click()
    contributor.wait_for_url(f"{admin.url}/admin/")
    add_event(contributor, photo)
    event = EventPage.objects.get(title="City holds a meeting")
    assert event.current_workflow_state
    assert event.owner.first_name == "Ana"
    contributor.goto(f"{admin.url}/admin/pages/{ConcernPage.objects.first().pk}/edit/")
    contributor.get_by_role("button", name="Send the suggestion").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_axe_finds_no_violations_on_our_screens(browser, admin, width, scheme):
    page = browser.new_page(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    admin.sign_in(page, "Moderators")
    for path in OUR_SCREENS:
        page.goto(f"{admin.url}/admin/{path}")
        found = violations(page)
        assert not found, (path, found)


def test_editors_copy_what_is_new_with_its_links(browser, admin):
    page = browser.new_page(permissions=["clipboard-read", "clipboard-write"])
    admin.sign_in(page, "Contributors")
    page.goto(f"{admin.url}/admin/reports/news/")
    ends = page.locator(".lw-news__span :is(input, select, button)").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().bottom)"
    )
    assert max(ends) - min(ends) < 1
    page.get_by_role("button", name="Copy with links").click()
    page.get_by_text("Copied.").wait_for()
    read = "navigator.clipboard.read().then(([all]) => all.getType('text/html')).then((html) => html.text())"
    assert f'<a href="{admin.url}/concerns/not-diverted/"' in page.evaluate(read)
    assert page.evaluate("navigator.clipboard.readText()").startswith("New on New Haven LEAD Watch")


def test_a_moderator_restores_an_earlier_version(page, admin):
    event = EventPage.objects.filter(live=True).first()
    earlier = event.title
    admin.sign_in(page, "Moderators")
    page.goto(f"{admin.url}/admin/pages/{event.pk}/edit/")
    page.locator("[name=title]").fill("Something else")
    press(page, "Publish")
    answer(page, "No, something is new", "It has another name now.")
    page.goto(f"{admin.url}/admin/pages/{event.pk}/history/")
    page.get_by_role("main").get_by_role("button", name="Actions").last.click()
    page.get_by_role("link", name="Review this version").last.click()
    press(page, "Publish this version")
    answer(page, "Yes, something was wrong", "The name was wrong.")
    event.refresh_from_db()
    assert event.title == earlier


def test_a_panel_does_not_cover_the_next_form_on_a_phone(browser, admin):
    """The panel that was open stays closed, and one that is open has a clear button."""
    page = browser.new_page(viewport={"width": 360, "height": 800}, reduced_motion="reduce")
    admin.sign_in(page, "Moderators")
    page.goto(f"{admin.url}/admin/pages/{ConcernPage.objects.first().pk}/edit/")
    page.get_by_role("button", name="Toggle status").click()
    close = page.get_by_role("complementary", name="Status").get_by_label("Toggle side panel")
    expect(close).to_be_in_viewport()
    page.reload()
    # Wagtail opens the panel before it takes this class away.
    expect(page.locator(".form-side")).not_to_have_class(re.compile("initial"))
    expect(page.locator("[data-form-side-close-button]")).to_be_hidden()
