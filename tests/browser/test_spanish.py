"""Spanish words are longer than English ones. Pages of each type still fit, and axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from wagtail.models import Page

from tests.support.live_site import default_site

pytestmark = pytest.mark.browser

# The page around a frame has the first heading.
IN_FRAMES = {"rules": {"page-has-heading-one": {"enabled": False}}}


@pytest.fixture
def addresses(server, translations):
    """Return the address of a Spanish page of each type, of the search, of the frame and of no page."""
    default_site(server)
    pages = Page.objects.filter(locale__language_code="es", depth__gt=1).specific()
    # The longest title of each type is the likeliest not to fit.
    longest = {type(page): page for page in sorted(pages, key=lambda page: len(page.title))}
    paths = [page.get_url() for page in longest.values()]
    assert len(paths) > 12
    return [f"{server.url}/es/{path}" for path in ("search/?q=arresto", "cronologia/embed/", "nada/")] + [
        server.url + path.removeprefix(server.url) for path in paths
    ]


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_pages_in_spanish_fit_and_axe_finds_no_violations(browser, addresses, width, scheme, subtests):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    for address in addresses:
        with subtests.test(address):
            page.goto(address)
            assert page.evaluate("document.documentElement.lang") == "es"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            found = Axe().run(page, options=IN_FRAMES if "/embed/" in address else None)
            assert found.violations_count == 0, found.generate_report()
