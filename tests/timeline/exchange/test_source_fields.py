"""Every field of a source reaches all readers of sources, since they read the declaration of the model."""

import datetime

import pytest
import yaml
from django.db import models
from django.urls import reverse

from home.dates.fields import PreciseDateField, for_writing
from home.models import DocumentSource, FigureSource, Source
from leadwatch.starter_content import loader, reading
from tests.support import factories
from timeline.exchange.exports import FORMATS, Export
from timeline.exchange.imports.applying import carry_out
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import read_file
from timeline.models import EventPage, EventSource

pytestmark = pytest.mark.django_db

FIELDS = EventSource.data_fields()
NAMES = [field.name for field in FIELDS]


def value_of(field):
    """Return a value for a field that no other field has."""
    if field.is_relation:
        return factories.make_file(title=f"File for {field.name}")
    if isinstance(field, PreciseDateField):
        return f"2017-{FIELDS.index(field) + 1:02}"
    if isinstance(field, models.DateField):
        return datetime.date(2018, 1, FIELDS.index(field) + 1)
    if isinstance(field, models.URLField):
        return f"https://example.org/{field.name}"
    return "7" if field.name == "page" else f"Words for {field.name}"


@pytest.fixture
def full_source():
    source = EventSource(**{field.name: value_of(field) for field in FIELDS})
    source.clean_fields(exclude=["owner"])
    return source


def contents(source):
    return {field.name: field.value_from_object(source) for field in FIELDS}


def test_every_column_of_a_source_is_declared():
    columns = {field.name for field in EventSource._meta.get_fields()}
    assert columns - set(NAMES) == {"id", "sort_order", "owner"}
    for model in (DocumentSource, FigureSource):
        assert [field.name for field in model.data_fields()] == NAMES


@pytest.mark.parametrize("extension", ["json", "csv", "xlsx"])
def test_every_field_is_exported_and_imported(full_source, extension):
    timeline = factories.make_timeline()
    factories.make_event(timeline, title="Hearing", sources=[full_source])
    events = EventPage.objects.on_timeline(timeline).in_time_order()
    pieces = FORMATS[extension][1](Export(timeline, events, drafts=True))
    content = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
    EventPage.objects.all().delete()
    timeline.refresh_from_db()
    carry_out(make_plan(timeline, read_file(content)))
    [source] = EventPage.objects.get().latest().sources.all()
    assert contents(source) == contents(full_source)


def test_every_field_is_suggested_unless_it_is_about_one_citation(full_source, admin_client):
    factories.make_event(sources=[full_source])
    [found] = admin_client.get(reverse("used_sources"), {"q": full_source.title}).json()["sources"]
    assert set(Source.not_suggested) < set(NAMES)
    assert list(found) == [name for name in NAMES if name not in Source.not_suggested]
    for field in FIELDS:
        value = getattr(full_source, field.name)
        if field.is_relation:
            assert found[field.name]["id"] == value.pk
        elif isinstance(field, PreciseDateField):
            assert found[field.name] == for_writing(value)
        elif field.name in found:
            assert found[field.name] == field.value_to_string(full_source)


def test_every_field_but_files_can_be_in_starter_content(full_source, tmp_path, monkeypatch):
    for path in reading.FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    sources = yaml.safe_load((tmp_path / "sources.yaml").read_text())
    sources["watch-site-home"] = {
        field.name: field.value_to_string(full_source) for field in FIELDS if not field.is_relation
    }
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump(sources))
    content = reading.read(tmp_path)
    monkeypatch.setattr(reading, "read", lambda: content)
    loader.load_starter_content()
    source = next(
        source
        for model in (EventSource, DocumentSource, FigureSource)
        for source in model.objects.filter(title=full_source.title)
    )
    without_files = contents(full_source) | {field.name: None for field in FIELDS if field.is_relation}
    assert contents(source) == without_files
