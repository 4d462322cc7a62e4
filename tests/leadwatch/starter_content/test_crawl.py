"""Follow every link of the starter content."""

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    """Return the addresses and the anchors of a page."""

    def __init__(self, html):
        super().__init__()
        self.links, self.anchors = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in {"a", "link"} and attributes.get("href"):
            self.links.append(attributes["href"])
        if attributes.get("id"):
            self.anchors.append(attributes["id"])


def test_every_link_and_anchor_leads_somewhere_and_ids_are_unique(starter_content, client):
    pages, wanted, queue = {}, set(), ["/", "/search/?q=lead", "/sitemap.xml"]
    while queue:
        address = queue.pop()
        if address in pages:
            continue
        response = client.get(address)
        assert response.status_code == 200, address
        if not response["Content-Type"].startswith("text/html"):
            pages[address] = None
            content = b"".join(response)
            queue += [urlsplit(found.decode()).path for found in re.findall(rb"<loc>(.*?)</loc>", content)]
            continue
        page = pages[address] = Links(response.content.decode())
        assert len(page.anchors) == len(set(page.anchors)), address
        for link in page.links:
            link, anchor = urldefrag(urljoin(address, link.removeprefix(settings.BASE_URL)))
            # Files are served by another server.
            if urlsplit(link).netloc or link.startswith(("/static/", "/media/", "mailto:")):
                continue
            queue.append(link)
            wanted.add((link, anchor))
    assert len(pages) > 45
    for link, anchor in wanted:
        assert not anchor or anchor in pages[link].anchors, f"{link}#{anchor}"
