"""
Fixtures of sites that many tests start from.

Each is made once. On SQLite, it is copied into the database before the transaction of a test begins. On
PostgreSQL, it has a database of its own, to which the test connects. A test can use one of them.
"""

import pytest


def copied(name, make):
    """Return a fixture of a copy of the site which `make` makes."""

    # Outside of classes, this scope is one test, and comes before the test's transaction.
    @pytest.fixture(scope="class")
    def copy(snapshots, django_db_blocker):
        from tests.support.snapshots import leave, visit

        with django_db_blocker.unblock():
            visit(snapshots, name, make)
        yield
        with django_db_blocker.unblock():
            leave(snapshots)

    return copy


def load():
    from leadwatch.starter_content.loader import load_starter_content

    load_starter_content()


def load_translated():
    from wagtail.models import Page

    from leadwatch.starter_content.translations import add_translations

    load()
    if not Page.objects.filter(locale__language_code="es").exists():
        add_translations.call()


def make_groups():
    from leadwatch.groups import set_up_groups
    from tests.support import factories

    set_up_groups(factories.make_home())


def make_neighbors():
    from tests.support.pages import make_neighbors

    make_neighbors()


copy_of_starter_content = copied("starter content", load)
copy_of_translations = copied("translations", load_translated)
copy_of_groups = copied("groups", make_groups)
copy_of_neighbors = copied("neighbors", make_neighbors)


@pytest.fixture
def spanish(db):
    """Return the second language of the site."""
    from wagtail.models import Locale

    return Locale.objects.get_or_create(language_code="es")[0]


@pytest.fixture
def starter_content(copy_of_starter_content, db):
    """Create the starter content."""
    load()


@pytest.fixture
def translations(copy_of_translations, db):
    """Create the starter content in all languages. It takes long, so only tests of languages use it."""
    load_translated()


@pytest.fixture
def groups(copy_of_groups, db):
    """Create the home page and the groups with their permissions."""
    from wagtail.models import GroupPagePermission

    if not GroupPagePermission.objects.filter(group__name="Contributors").exists():
        make_groups()


@pytest.fixture
def neighbors(copy_of_neighbors, db):
    """Create a page of each type, so that every page has something to link to. Return an event."""
    from timeline.models import EventPage

    if not EventPage.objects.exists():
        make_neighbors()
    return EventPage.objects.order_by("pk").first()
