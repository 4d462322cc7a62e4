"""Pictures of other sites come within bounds, and are checked as an upload is."""

import pytest

from home.external_links.fetching import FetchError
from home.models import SiteImage
from tests.support import factories
from timeline.exchange.references import downloads
from timeline.exchange.references.downloads import Downloads, fetch


def test_a_file_of_another_site_is_fetched(other_site):
    other_site.pages |= {"/a.png": b"content", "/old": "/a.png"}
    assert fetch(f"{other_site.url}/old") == b"content"


def test_what_is_not_there_or_too_large_is_no_file(monkeypatch, other_site):
    monkeypatch.setattr(downloads, "LARGEST", 5)
    other_site.pages |= {"/large": b"123456", "/empty": 204}
    for path in ("/none", "/large", "/empty"):
        with pytest.raises(FetchError):
            fetch(other_site.url + path)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"no picture", b""])
def test_what_came_is_checked_like_an_upload(monkeypatch, content):
    monkeypatch.setattr(downloads, "fetch", lambda url: content)
    wanted = Downloads()
    fields = {
        "title": "",
        "alt": "Alt",
        "decorative": False,
        "credit": "",
        "fetched_from": "https://x.example/a.png",
    }
    assert wanted.image("https://x.example/a.png", **fields) is None
    wanted.fetch_all()
    assert wanted.image("https://x.example/a.png", **fields) is None
    assert wanted.problems["https://x.example/a.png"]
    assert not SiteImage.objects.exists()


@pytest.mark.django_db
def test_pictures_have_a_bound_in_number(monkeypatch):
    monkeypatch.setattr(downloads, "MOST", 1)
    monkeypatch.setattr(downloads, "fetch", lambda url: factories.image_file().read())
    wanted = Downloads()
    wanted.wanted = ["https://x.example/1.jpg", "https://x.example/2.jpg"]
    wanted.fetch_all()
    assert list(wanted.contents) == ["https://x.example/1.jpg"]
    assert list(wanted.problems) == ["https://x.example/2.jpg"]


@pytest.mark.parametrize(("bound", "words"), [("LONGEST", "too long"), ("LARGEST_TOGETHER", "too large")])
def test_pictures_have_a_bound_in_time_and_in_size(monkeypatch, bound, words):
    monkeypatch.setattr(downloads, bound, -1 if bound == "LONGEST" else 5)
    monkeypatch.setattr(downloads, "fetch", lambda url: b"123456")
    wanted = Downloads()
    wanted.wanted = ["https://x.example/1.jpg", "https://x.example/2.jpg"]
    wanted.fetch_all()
    assert words in wanted.problems["https://x.example/2.jpg"]
    assert len(wanted.contents) == (0 if bound == "LONGEST" else 1)
