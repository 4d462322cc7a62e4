"""Numbers of several groups are reviewed, and shown as a chart that the editor chooses, by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from home.models import FigureValue
from tests.support import factories
from tests.support.admin_pages import open_form

pytestmark = pytest.mark.browser

# Arrests of each group, by year.
NUMBERS = {"Downtown": (40, 55), "Fair Haven": (90, 70), "Hill": (60, 65)}


def violations(page):
    page.mouse.move(0, 0)
    # Messages fade in.
    page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
    found = Axe().run(page, {"exclude": [["[data-sidebar]"], ["#wagtail-sidebar"]]})
    return found.violations_count and found.generate_report()


def make_draft():
    figure = factories.make_figure(
        title="Arrests by neighborhood", slug="arrests-by-neighborhood", breakdown="neighborhood", live=False
    )
    figure.values = [
        FigureValue(group=group, period_start=year, value=value, sort_order=place)
        for place, (group, values) in enumerate(NUMBERS.items())
        for year, value in zip(("2017", "2018"), values, strict=True)
    ]
    figure.save()
    return figure


def test_a_figure_is_reviewed_and_drawn_as_the_editor_chooses(browser, admin):
    figure = make_draft()
    editor = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    admin.sign_in(editor, "Editors")
    editor.goto(f"{admin.url}/admin/snippets/home/figure/edit/{figure.pk}/")
    editor.get_by_role("button", name="Submit for review").press("Enter")
    expect(editor.locator(".messages")).to_contain_text("has been sent for review")

    phone = browser.new_page(viewport={"width": 360, "height": 700}, reduced_motion="reduce")
    admin.sign_in(phone, "Moderators")
    phone.get_by_role("link", name="Arrests by neighborhood").first.press("Enter")
    phone.get_by_role("button", name="More actions").press("Enter")
    phone.get_by_role("button", name="Approve and publish").press("Enter")
    expect(phone.locator(".messages .success")).to_be_in_viewport()
    assert not violations(phone)
    phone.goto(f"{admin.url}/figures/")
    shown = phone.locator("#figure-arrests-by-neighborhood")
    expect(shown.get_by_role("cell", name="90")).to_be_visible()
    assert not violations(phone)
    choose_form(editor, admin, figure)


def choose_form(editor, admin, figure):
    """Choose in the preview how a chart shows its groups."""
    body = [("chart", {"figure": figure, "form": "lines"})]
    text = factories.make_standard_page(title="Where arrests are made", body=body, live=False)
    open_form(editor, f"{admin.url}/admin/pages/{text.pk}/edit/")
    editor.get_by_role("button", name="Toggle preview").press("Enter")
    chart = editor.frame_locator("#w-preview-iframe").locator("[data-chart]")
    expect(chart).to_have_attribute("data-chart", "lines")
    editor.locator("[name=body-0-value-form]").select_option("panels")
    expect(chart).to_have_attribute("data-chart", "panels")
