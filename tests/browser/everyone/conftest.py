"""One site for all tests here, which only look at it, and leave other fixtures of a site alone."""

import pytest

from tests.support.everyone import content
from tests.support.live_site import default_site, make_wagtail_basics


@pytest.fixture(scope="package")
def transactional_db(django_db_setup, django_db_blocker):
    """The database, emptied after all tests here, not after each. So none is marked as one of a database."""
    from django.core.management import call_command

    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="package")
def everything(transactional_db):
    """The address of a site with the whole starter content, and with what that has none of."""
    from django.core.management import call_command
    from pytest_django.live_server_helper import LiveServer

    make_wagtail_basics()
    call_command("load_starter_content", verbosity=0)
    server = LiveServer("localhost")
    default_site(server)
    content.fill()
    yield server.url
    server.stop()
