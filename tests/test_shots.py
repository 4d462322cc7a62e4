"""The pages that `make shots` shows exist, and are as awkward as their names say."""

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Page, get_page_models

from home.blocks import BodyBlock
from home.models import SiteImage, StandardPage
from tests.support import awkward, shots

pytestmark = pytest.mark.django_db


def test_every_page_exists_without_inline_styles_and_is_as_awkward_as_it_says(
    starter_content, client, subtests
):
    awkward.fill()
    types = set()
    for name, path in (shots.STARTER | shots.AWKWARD).items():
        with subtests.test(name):
            response = client.get(path)
            assert response.status_code == shots.STATUSES.get(name, 200)
            assert inline_in(response) == []
            if page := (response.context or {}).get("page"):
                types.add(type(page))

    with subtests.test("every type of page is shown"):
        assert types >= {*get_page_models()} - {Page}
    with subtests.test("every block is shown"):
        body = StandardPage.objects.get(slug="blocks").body
        assert {block.block_type for block in body} == BodyBlock().child_blocks.keys()
        assert all(str(block).strip() for block in body)
    with subtests.test("pictures are lost"):
        there = {image.title: image.file.storage.exists(image.file.name) for image in SiteImage.objects.all()}
        assert there == {title: title != "A picture that was lost" for title in there}
        assert not all(there.values())
    with subtests.test("a search finds pages of results"):
        page = client.get(f"/search/?q={awkward.CROWD_WORD}").content.decode()
        assert f"{awkward.CROWD} results" in page
        assert awkward.CROWD > 200
    with subtests.test("one is found and nothing is found"):
        one, nothing = (client.get(shots.STARTER[f"search-{name}"]) for name in ("one", "nothing"))
        assert one.content.count(b"data-result") == 1
        assert b"data-result" not in nothing.content


def inline_in(response):
    """Return the elements of a page with inline styles or scripts."""
    return [
        tag
        for tag in BeautifulSoup(response.content, "html.parser").find_all()
        if tag.name == "style"
        or any(name == "style" or name.startswith("on") for name in tag.attrs)
        or (tag.name == "script" and not tag.get("src") and tag.get("type") != "application/ld+json")
    ]
