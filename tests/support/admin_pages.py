"""Steps that several tests take in the admin, in Chromium."""

from axe_playwright_python.sync_playwright import Axe


def sign_in(page, site, django_user_model):
    django_user_model.objects.create_superuser("editor", password="a long password")
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/admin/")


# Wagtail's menu, its link to the content, which dialogs stand before, and its text editor, without a label.
WAGTAILS = ("[data-sidebar]", "#wagtail-sidebar", ".skiplink", ".public-DraftEditor-content")


def violations(page, *parts):
    """Return what axe finds on a screen, or in some parts of it, but for what is Wagtail's."""
    page.mouse.move(0, 0)
    # Messages appear slowly, and would be measured while they are pale.
    page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    include = {"include": [[part] for part in parts]} if parts else {}
    found = Axe().run(page, include | {"exclude": [[part] for part in WAGTAILS]})
    return found.violations_count and found.generate_report()


def check_at_both_widths(page, *parts):
    """At the width of a phone and of a desktop, axe finds nothing and nothing overflows."""
    size = page.viewport_size
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found = violations(page, *parts)
        assert not found, (width, found)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    page.set_viewport_size(size)
