"""Budgets for loading a page in production. `python -m tests.bench.weight` prints the measurements."""

import shutil

import pytest
from django.conf import settings

from tests.bench.weight import addresses, weigh
from tests.support.copies import copy_database
from tests.support.live_site import default_site
from tests.support.served import ServedSite

pytestmark = pytest.mark.browser

# Bytes on the wire.
HOME, SCRIPTS = 60_000, 5_000
STYLESHEETS = 2


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
