"""Budgets for loading a page in production. `python -m tests.bench.weight` prints the measurements."""

import pytest

from tests.bench.weight import addresses, served, weigh

pytestmark = pytest.mark.browser

# Bytes on the wire.
HOME, SCRIPTS = 60_000, 5_000
STYLESHEETS = 2


def test_every_page_is_small_compressed_stable_and_from_our_origin(browser, subtests):
    with served() as site:
        for name, address in addresses(site).items():
            weight = weigh(browser, address)
            with subtests.test(place=name):
                assert name != "home" or 0 < weight.without_images <= HOME
                assert weight.bytes("Script") <= SCRIPTS
                assert 0 < len(weight.of("Stylesheet")) <= STYLESHEETS
                assert all(response.address.startswith(site.url) for response in weight.responses)
                assert [response.address for response in weight.responses if response.is_plain] == []
                assert weight.shift == 0
