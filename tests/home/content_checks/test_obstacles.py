"""Obstacles to the publication of a page."""

import pytest

from home.content_checks.obstacles import NotPublishable
from home.dates.values import PreciseDate
from home.models import StandardPage
from tests.support import factories
from timeline.models import EventCategory, EventPage

pytestmark = pytest.mark.django_db


def paths(page):
    return [obstacle.path for obstacle in page.obstacles()]


def test_empty_required_fields_are_obstacles():
    assert paths(StandardPage()) == ["title", "summary"]
    assert not paths(StandardPage(title="Privacy", summary="What we keep."))


def test_a_page_is_not_published_while_a_required_field_is_empty():
    page = factories.make_standard_page(live=False)
    page.summary = ""
    revision = page.save_revision(clean=False)
    with pytest.raises(NotPublishable, match="Open it and fix: Summary"):
        revision.publish()


def test_a_page_is_not_saved_live_while_a_required_field_is_empty():
    page = factories.make_standard_page()
    page.summary = ""
    with pytest.raises(NotPublishable):
        page.save(clean=False)


def test_an_unsaved_related_object_is_not_missing():
    event = EventPage(title="Meeting", summary="They met.", date=PreciseDate(2018))
    assert paths(event) == ["sources", "category"]
    event.category = EventCategory(name="New")
    assert paths(event) == ["sources"]


def test_the_checks_list_obstacles_first():
    page = factories.make_standard_page(live=False, body=[("heading", {"text": "", "level": "h2"})])
    page.summary = ""
    assert [problem.path.partition(".")[0] for problem in page.problems()] == ["summary", "body"]
