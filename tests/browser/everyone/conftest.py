"""One shared site for all tests in this folder, which only read it."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from tests.support.caches import empty_caches
from tests.support.everyone import content
from tests.support.live_site import default_site
from tests.support.snapshots import make_once, restore


@pytest.fixture(scope="package")
def db(snapshots, django_db_blocker):
    """Open the database for all tests here, and restore it after the last one."""
    with django_db_blocker.unblock():
        yield
        restore(snapshots["migrated"])


@pytest.fixture(scope="package")
def server(django_db_setup):
    """Serve the site in threads of this process, and cache its pages as in production."""
    cache = "leadwatch.page_cache.middleware.PublicCacheMiddleware"
    with override_settings(MIDDLEWARE=[cache, *settings.MIDDLEWARE]):
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _empty_caches():
    """Keep them from one test to the next."""


@pytest.fixture(scope="package")
def everything(db, server, snapshots):
    """Return the URL of a site with the starter content and additional pages."""
    empty_caches()
    make_once(snapshots, "starter content", lambda: call_command("load_starter_content", verbosity=0))
    default_site(server)
    content.fill()
    return server.url
