"""Downloads from other sites are limited, and checked like uploads."""

import pytest

from home.external_links.fetching import FetchError
from home.models import SiteImage
from tests.support import factories
from timeline.exchange.references import downloads
from timeline.exchange.references.downloads import Downloads, fetch


def test_a_file_of_another_site_is_downloaded(other_site):
    other_site.pages |= {"/a.png": b"content", "/old": "/a.png"}
    assert fetch(f"{other_site.url}/old") == b"content"


def test_a_missing_or_too_large_file_is_refused(monkeypatch, other_site):
    monkeypatch.setattr(downloads, "LARGEST", 5)
    other_site.pages |= {"/large": b"123456", "/empty": 204}
    for path in ("/none", "/large", "/empty"):
        with pytest.raises(FetchError):
            fetch(other_site.url + path)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"no picture", b""])
def test_a_downloaded_file_is_checked_like_an_upload(monkeypatch, content):
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
def test_the_number_of_downloads_is_limited(monkeypatch):
    monkeypatch.setattr(downloads, "MOST", 1)
    monkeypatch.setattr(downloads, "fetch", lambda url: factories.image_file().read())
    wanted = Downloads()
    wanted.wanted = ["https://x.example/1.jpg", "https://x.example/2.jpg"]
    wanted.fetch_all()
    assert list(wanted.contents) == ["https://x.example/1.jpg"]
    assert list(wanted.problems) == ["https://x.example/2.jpg"]


@pytest.mark.parametrize(("bound", "words"), [("LONGEST", "too long"), ("LARGEST_TOGETHER", "too large")])
def test_time_and_size_of_downloads_are_limited(monkeypatch, bound, words):
    monkeypatch.setattr(downloads, bound, -1 if bound == "LONGEST" else 5)
    monkeypatch.setattr(downloads, "fetch", lambda url: b"123456")
    wanted = Downloads()
    wanted.wanted = ["https://x.example/1.jpg", "https://x.example/2.jpg"]
    wanted.fetch_all()
    assert words in wanted.problems["https://x.example/2.jpg"]
    assert len(wanted.contents) == (0 if bound == "LONGEST" else 1)
