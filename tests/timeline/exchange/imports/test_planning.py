"""A plan is made once; only rows whose files were downloaded are planned again."""

import json

import pytest

from home.external_links.fetching import FetchError, Reason
from home.models import SiteImage
from tests.support import factories
from timeline.exchange.imports.applying import carry_out
from timeline.exchange.imports.plan import Action
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import read_file
from timeline.exchange.imports.row_planner import RowPlanner
from timeline.exchange.references import downloads
from timeline.exchange.references.downloads import Downloads
from timeline.models import EventPage

pytestmark = pytest.mark.django_db

IMAGE = "https://example.org/vigil.jpg"


def slide(headline, **parts):
    return {"start_date": {"year": 2019}, "text": {"headline": headline}} | parts


def file_of(*slides):
    return read_file(json.dumps({"events": slides}).encode())


@pytest.fixture
def timeline():
    return factories.make_timeline()


@pytest.fixture
def planned(monkeypatch):
    """The titles of the rows that were planned, in their order."""
    titles = []
    plan = RowPlanner.plan

    def counted(self, match):
        titles.append(match.item.title)
        return plan(self, match)

    monkeypatch.setattr(RowPlanner, "plan", counted)
    return titles


def test_applying_a_plan_plans_nothing_again(timeline, planned):
    carry_out(make_plan(timeline, file_of(slide("March"), slide("Vigil", media={"url": IMAGE}))))
    assert planned == ["March", "Vigil"]
    assert EventPage.objects.count() == 2


def test_only_rows_with_downloads_are_planned_again(timeline, planned, monkeypatch):
    monkeypatch.setattr(downloads, "fetch", lambda url: factories.image_file().read())
    file = file_of(slide("March"), slide("Vigil", media={"url": IMAGE}, unique_id="v"))
    plan = carry_out(make_plan(timeline, file, downloads=Downloads()))
    assert planned == ["March", "Vigil", "Vigil"]
    assert [row.action for row in plan.rows] == [Action.CREATE, Action.CREATE]
    event = EventPage.objects.get(title="Vigil")
    assert (event.slug, event.unique_id, event.lead_image) == ("vigil", "v", SiteImage.objects.get())


def test_rows_that_are_planned_again_keep_their_slugs(timeline, monkeypatch):
    monkeypatch.setattr(downloads, "fetch", lambda url: factories.image_file().read())
    rows = [slide("Vigil", media={"url": f"{IMAGE}?{number}"}) for number in range(3)]
    carry_out(make_plan(timeline, file_of(*rows), downloads=Downloads()))
    assert list(EventPage.objects.order_by("pk").values_list("slug", flat=True)) == [
        "vigil",
        "vigil-2",
        "vigil-3",
    ]


@pytest.mark.parametrize("comes", [True, False])
def test_a_changed_event_gets_its_image_or_else_a_link(timeline, monkeypatch, comes):
    def fetch(url):
        if not comes:
            raise FetchError(Reason.GONE)
        return factories.image_file().read()

    monkeypatch.setattr(downloads, "fetch", fetch)
    carry_out(make_plan(timeline, file_of(slide("Vigil", unique_id="v"))))
    timeline.refresh_from_db()
    file = file_of(slide("Vigil", unique_id="v", media={"url": IMAGE}, group="Protest"))
    plan = make_plan(timeline, file, downloads=Downloads())
    assert [row.notes for row in plan.rows] == [[f"Will be downloaded: {IMAGE}"]]
    carry_out(plan)
    event = EventPage.objects.get().latest()
    assert bool(event.lead_image) == comes
    assert (f'href="{IMAGE}"' in str(event.body)) != comes
    assert event.category.name == "Protest"


def test_a_file_that_will_be_downloaded_is_announced(timeline):
    source = {"title": "Minutes", "document": "https://example.org/minutes.pdf#sha1=0&title=Minutes"}
    file = file_of(slide("Vigil", lead_watch={"sources": [source]}))
    [row] = make_plan(timeline, file, downloads=Downloads()).rows
    assert row.awaits_downloads
    assert "Will be downloaded: https://example.org/minutes.pdf#sha1=0&title=Minutes" in row.notes


def test_a_date_to_come_is_noted_once(timeline):
    file = file_of(slide("March"), slide("Vigil", start_date={"year": 2961}))
    past, to_come = make_plan(timeline, file).rows
    assert not past.notes
    assert to_come.notes == ["“Date” is 2961, which is still to come. Is that right?"]
    carry_out(make_plan(timeline, file))
    assert not any(row.notes for row in make_plan(timeline, file).rows)
