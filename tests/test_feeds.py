"""Every feed follows RFC 4287."""

import datetime as dt
import re
import uuid
import xml.etree.ElementTree as ET

import pytest
from django.conf import settings

from home.models import Correction
from tests.support import factories

pytestmark = pytest.mark.django_db

FEEDS = ["/feed/", "/timeline/feed/", "/timeline/feed/?year=2017&order=oldest"]
ATOM = "{http://www.w3.org/2005/Atom}"
SINGLE = {f"{ATOM}{name}" for name in ("id", "title", "updated", "published", "subtitle", "summary")}


@pytest.fixture
def feed(client):
    """Return a function that parses a feed, on a site with content."""
    for date in ("2016", "2017-03", "2017-11-29"):
        event = factories.make_event(date=date)
        event.corrections = [Correction(kind="update", date=dt.date(2026, 4, 5), text="A source was found.")]
        event.save_revision().publish()

    def feed(address):
        return ET.fromstring(client.get(address).content)

    return feed


def is_absolute(address):
    return re.match(r"https?://[^/]+/", address)


def links(element, relation):
    return [link.get("href") for link in element.findall(f"{ATOM}link") if link.get("rel") == relation]


def times(element):
    """Return when an entry was published and updated."""
    found = [element.findtext(f"{ATOM}{name}") for name in ("published", "updated")]
    times = [dt.datetime.fromisoformat(time) for time in found if time is not None]
    assert all(time.tzinfo for time in times)
    return times


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_has_all_required_elements(feed, address):
    root = feed(address)
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert root.findtext(f"{ATOM}title")
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "New Haven LEAD Watch"
    (own,) = links(root, "self")
    assert own in {settings.BASE_URL + address, f"http://localhost{address}"}
    (page,) = links(root, "alternate")
    assert is_absolute(page)
    entries = root.findall(f"{ATOM}entry")
    assert entries
    for entry in entries:
        assert entry.findtext(f"{ATOM}title")
        assert uuid.UUID(entry.findtext(f"{ATOM}id").removeprefix("urn:uuid:"))
        # An entry without content must have a link to it.
        (there,) = links(entry, "alternate")
        assert is_absolute(there)
        published, updated = times(entry)
        assert published <= updated
    (newest,) = times(root)
    assert newest == max(times(entry)[-1] for entry in entries)
    for element in (root, *entries):
        once = [child.tag for child in element if child.tag in SINGLE]
        assert len(once) == len(set(once))
    identities = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(identities) == len(set(identities))


def test_each_feed_has_its_own_id(feed):
    identities = [feed(address).findtext(f"{ATOM}id") for address in FEEDS]
    assert len(set(identities)) == len(FEEDS)
    assert all(map(is_absolute, identities))


def test_an_event_has_the_same_id_in_every_feed(feed):
    all_updates, timeline, part = (
        {entry.findtext(f"{ATOM}id") for entry in feed(address).findall(f"{ATOM}entry")} for address in FEEDS
    )
    assert part < timeline < all_updates


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_without_entries_is_valid(client, address):
    factories.make_timeline()
    root = ET.fromstring(client.get(f"{address}{'&' if '?' in address else '?'}q=nothing").content)
    assert times(root)
    assert root.findtext(f"{ATOM}id")
