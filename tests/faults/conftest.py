import pytest

from tests.support.breakable import Site


@pytest.fixture(scope="package")
def site(copy_site):
    site = copy_site(Site)
    yield site
    site.stop()
