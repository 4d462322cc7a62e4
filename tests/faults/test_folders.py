"""Pages are served without the folders of the cache and of the media."""

import shutil

import pytest

from tests.support.breakable import SOON, within

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

# The URL of an image of a published page.
IMAGE = """
from tests.support import factories
from timeline.models import EventPage
event = EventPage.objects.get(slug="event")
event.lead_image = factories.make_image()
event.save_revision().publish()
print(event.lead_image.get_rendition("width-20").url)
"""


def test_pages_are_served_without_a_cache(site):
    cache = site.folder / "cache"
    cache.rename(site.folder / "away-cache")
    cache.write_text("not a folder")
    for _time in range(2):
        assert site.statuses() == {200}
    cache.unlink()
    (site.folder / "away-cache").rename(cache)


def test_a_deleted_cache_is_filled_again(site):
    before = site.pages()
    shutil.rmtree(site.folder / "cache")
    assert site.pages() == before
    assert list(site.folder.glob("cache/*.djcache"))


def test_pages_are_served_without_the_media(site):
    media, away = site.folder / "media", site.folder / "away-media"
    (path,) = site.run(IMAGE).split()
    assert site.ask(path).status == 200
    media.rename(away)
    site.forget_pages()
    assert site.statuses() == {200}
    assert site.ask(path).status == 404
    # An upload makes the folder again.
    (path,) = site.run(IMAGE).split()
    with within(SOON):
        assert site.ask(path).status == 200
    shutil.copytree(away, media, dirs_exist_ok=True)
