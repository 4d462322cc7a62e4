"""Steps that several tests take in the admin, in Chromium."""

from tests.support.waiting import wait_until


def sign_in(page, site, django_user_model):
    django_user_model.objects.create_superuser("editor", password="a long password")
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/admin/")


# Wagtail takes its snapshot of the form twice, one soon after the other, and an edit between them is lost.
WATCH_EDITS = """
addEventListener('w-unsaved:watch-edits', () => {
  clearTimeout(window.untilWatched);
  window.untilWatched = setTimeout(() => { window.watchesEdits = true }, 1000);
});
"""


def open_form(page, url):
    """Open the form of a page in the admin, and wait until Wagtail watches it for edits."""
    page.add_init_script(WATCH_EDITS)
    page.goto(url)
    wait_until(lambda: page.evaluate("window.watchesEdits"))
