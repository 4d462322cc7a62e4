"""With KEEP_COPIES, each cited address is copied once, one at a time, and the newest link first."""

import io
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from home.copies import storage
from home.management.commands import keep_copies
from home.models import ExternalLink, KeptCopy
from tests.support import factories
from timeline.models import EventSource

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(settings, monkeypatch):
    """Return the keys of the copies that the task worker is to fetch."""
    settings.KEEP_COPIES = True
    keys = []
    monkeypatch.setattr(keep_copies, "keep_copy", SimpleNamespace(enqueue=keys.append))
    return keys


def cite(*urls):
    return factories.make_event(sources=[EventSource(title="A story", url=url) for url in urls])


def run():
    call_command("keep_copies", stdout=(out := io.StringIO()))
    return out.getvalue().strip()


def addresses():
    return list(KeptCopy.objects.order_by("pk").values_list("address", flat=True))


def test_nothing_is_copied_unless_it_is_turned_on(settings):
    cite("https://a.example/")
    assert run() == "No copy was made, because KEEP_COPIES is not set."
    assert addresses() == []


def test_sources_are_copied_one_after_the_other(asked):
    cite("https://a.example/", "https://b.example/")
    assert run() == "Copies asked for: 1."
    # The first one is not there yet.
    assert run() == "Copies asked for: 0."
    KeptCopy.objects.update(state="kept")
    run()
    KeptCopy.objects.filter(state="waiting").update(state="failed")
    assert run() == "Copies asked for: 0."
    assert addresses() == ["https://b.example/", "https://a.example/"]
    assert asked == list(KeptCopy.objects.order_by("pk").values_list("pk", flat=True))


def test_only_published_sources_are_copied(asked):
    factories.make_event(live=False, sources=[EventSource(title="A draft", url="https://a.example/")])
    event = cite("https://b.example/")
    event.body = [("text", '<p><a href="https://c.example/">No source</a></p>')]
    event.save_revision().publish()
    assert ExternalLink.objects.filter(url="https://c.example/").exists()
    run()
    KeptCopy.objects.update(state="kept")
    run()
    assert addresses() == ["https://b.example/"]


def test_a_copy_that_never_came_holds_nothing_up(asked):
    cite("https://a.example/", "https://b.example/")
    run()
    KeptCopy.objects.update(asked_at="2024-01-01T00:00Z")
    assert run() == "Copies asked for: 1."


def test_nothing_is_tried_and_given_up_while_the_disk_is_nearly_full(asked, monkeypatch):
    cite("https://a.example/")
    with monkeypatch.context() as full:
        full.setattr(storage, "SPARE", 2**60)
        assert run() == "No copy was made, because the disk is nearly full."
    assert addresses() == []
    assert run() == "Copies asked for: 1."
