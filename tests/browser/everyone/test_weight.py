"""Budgets for loading a page in production. `python -m tests.bench.weight` prints the measurements."""

import re
import shutil
import time
from urllib.request import urlopen

import pytest
from django.conf import settings

from tests.bench.weight import addresses, weigh
from tests.support.copies import copy_database
from tests.support.everyone.places import PLACES
from tests.support.live_site import default_site
from tests.support.served import ServedSite

pytestmark = pytest.mark.browser

# Bytes on the wire.
HOME, SCRIPTS = 60_000, 5_000
STYLESHEETS = 2
# Bytes that a slow connection brings at a time, and seconds in between; the first ones while the style loads.
PIECE, PAUSE, FIRST_PAUSE = 700, 0.05, 0.5


def test_every_page_is_small_compressed_stable_and_from_our_origin(browser, everything, server, subtests):
    def copy(site):
        default_site(site)
        copy_database(site.folder)
        default_site(server)
        shutil.copytree(settings.MEDIA_ROOT, site.folder / "media")

    with ServedSite(copy=copy, has_admin=False) as site:
        site.start()
        for name, address in addresses(site).items():
            weight = weigh(browser, address)
            with subtests.test(place=name):
                assert name != "home" or 0 < weight.without_images <= HOME
                assert weight.bytes("Script") <= SCRIPTS
                assert 0 < len(weight.of("Stylesheet")) <= STYLESHEETS
                assert all(response.address.startswith(site.url) for response in weight.responses)
                assert [response.address for response in weight.responses if response.is_plain] == []
                assert weight.shift == 0
            if name == "event, with all that one may have":
                # Of a quoted page, only the smaller image is loaded.
                pages = [each for each in weight.responses if "/media/pages/" in each.address]
                assert ["-half." in each.address for each in pages] == [True]


def test_nothing_moves_while_a_page_arrives(browser, everything, other_site, subtests):
    other_site.pages = {"/static/css/site.css": f"{everything}/static/css/site.css"}
    for name in ("home", "timeline", "contact, sent", "event, what was changed", "embed"):
        address = PLACES[name]
        other_site.pages[address] = in_pieces(urlopen(everything + address).read())
        weight = weigh(browser, f"http://127.0.0.1:{other_site.server_port}{address}")
        with subtests.test(place=name):
            assert len(weight.of("Stylesheet")) >= 1
            assert weight.shift == 0


def in_pieces(page):
    """Return a function that writes the page as it arrives over a slow connection."""

    def write(connection):
        connection.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n")
        head, body = page.split(b"<body", 1)
        connection.write(head)
        time.sleep(FIRST_PAUSE)
        for piece in re.findall(b".{1,%d}" % PIECE, b"<body" + body, re.DOTALL):
            connection.write(piece)
            time.sleep(PAUSE)

    return write
