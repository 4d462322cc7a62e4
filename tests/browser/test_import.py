"""An editor imports a table of events with one invalid row."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from leadwatch.groups import set_up_groups
from tests.support import factories
from timeline.models import EventPage

pytestmark = pytest.mark.browser

TABLE = """Unique ID,Headline,Date,Category,Summary
,City holds a meeting,"October 23, 2018",policy,People asked what the program had done.
,The date is wrong here,the day after,policy,Nobody knows when.
"""


def check(page, heading):
    """At the width of a desktop and of a phone, axe finds nothing and nothing overflows."""
    page.get_by_role("heading", name=heading, level=1).wait_for()
    page.wait_for_load_state()
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_invalid_row_is_shown_before_anything_is_saved(page, site, django_user_model):
    set_up_groups(factories.make_home())
    user = django_user_model.objects.create_user("rosa", password="a long password")
    user.groups.add(Group.objects.get(name="Editors"))
    before = set(EventPage.objects.values_list("pk", flat=True))

    page.goto(f"{site}/admin/event-exchange/")
    page.get_by_label("Username").fill("rosa")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Sign in").click()
    check(page, "Import and export events")
    page.get_by_label("File").set_input_files(
        {"name": "meetings.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    page.get_by_role("button", name="Preview import").click()

    page.get_by_text("Nothing has been saved yet").wait_for()
    refused = page.get_by_role("row", name="The date is wrong here")
    expect(refused).to_contain_text("the day after")
    expect(page.get_by_role("row", name="City holds a meeting")).to_be_visible()
    assert set(EventPage.objects.values_list("pk", flat=True)) == before
    check(page, "Import preview")

    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_text("1 event is new.").wait_for()
    new = EventPage.objects.exclude(pk__in=before).get()
    assert (new.title, new.when, new.live) == ("City holds a meeting", "October 23, 2018", False)
    assert new.owner == user
