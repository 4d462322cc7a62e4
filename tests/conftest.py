"""Fixtures for all tests. Tests marked `browser` run last, and are skipped without Chromium."""

import gc
import os

import hypothesis
import pytest

from tests.support.chromium import PROGRAM, chromium

pytest_plugins = ["tests.support.bucket", "tests.support.other_site", "tests.support.sites"]


def pytest_configure(config):
    # Collecting the tests leaves no garbage that is worth a search.
    gc.disable()
    # Playwright's event loop runs in this thread, which Django would mistake for an asynchronous view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    # Its deadline of 0.2 s for each example fails on a slow machine.
    hypothesis.settings.register_profile("any machine", deadline=None)
    hypothesis.settings.load_profile("any machine")


def pytest_collection_finish():
    # What is loaded by now stays. The garbage collector need not look through it again and again, and rarely
    # through what is made later: it took a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    gc.enable()


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if not PROGRAM:
        if os.environ.get("REQUIRE_BROWSER"):
            raise pytest.UsageError("The browser tests need Chromium, but it is not installed.")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium"))


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", ())
    count = sum("no Chromium" in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(f"{count} browser tests were skipped because Chromium is not installed.")
        terminalreporter.write_line("To run them: apt-get install chromium")


@pytest.fixture(scope="session")
def django_db_keepdb(request):
    """Keep the database before migrations run: on SQLite, it starts as a migrated copy."""
    from django.db import connection

    return connection.vendor == "sqlite" or request.config.getvalue("reuse_db")


@pytest.fixture(scope="session")
def _migrated_copy(request, django_db_modify_db_settings):
    from django.db import connection

    from tests.support.migrated import MigratedCopy

    if connection.vendor != "sqlite" or request.config.getvalue("create_db"):
        return None
    copy = MigratedCopy(request.config.cache.mkdir("migrated"))
    copy.load()
    return copy


@pytest.fixture(scope="session")
def django_db_setup(_migrated_copy, django_db_setup, django_db_blocker):
    """Use pytest-django's database. `pytest --create-db` runs all migrations again."""
    from tests.support import factories, stored

    if _migrated_copy:
        _migrated_copy.save()
    with django_db_blocker.unblock():
        stored.store(factories.STORED)


@pytest.fixture(scope="session")
def snapshots(django_db_setup, django_db_blocker):
    """Return the snapshots of the database by name: as migrated, and of each site once it was made."""
    from tests.support.snapshots import take_snapshot

    with django_db_blocker.unblock():
        return {"migrated": take_snapshot()}


@pytest.fixture(scope="session")
def copy_site(tmp_path_factory, django_db_setup, django_db_blocker):
    """Return a function that calls a class with an empty folder, while it may copy the test database."""
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("The file is SQLite's.")

    def make(site):
        with django_db_blocker.unblock():
            return site(tmp_path_factory.mktemp("site"))

    return make


@pytest.fixture
def admin_client(admin_client, monkeypatch):
    """Return pytest-django's client, whose session is not written once a minute: a test may count queries."""
    from home.accounts import sessions

    monkeypatch.setattr(sessions, "PRECISION", sessions.LONGEST)
    return admin_client


@pytest.fixture
def _restored(snapshots, django_db_blocker):
    """Restore the database at the end, after other fixtures have emptied it."""
    from tests.support.snapshots import restore

    yield
    with django_db_blocker.unblock():
        restore(snapshots["migrated"])


@pytest.fixture
def shared_db(_restored, transactional_db):
    """
    Open the database to all threads of a test, and restore it afterwards.

    `transactional_db` alone would empty it, also of what Wagtail's migrations create.
    """


@pytest.fixture(scope="session")
def _chromium():
    """Start the system's Chromium once for the whole run."""
    from playwright.sync_api import expect

    # The same timeout as for actions, so that tests pass on a slow machine.
    expect.set_options(timeout=30_000)
    # axe, which runs anew on each page, is optimized at great length for little gain.
    with chromium("--js-flags=--no-turbofan") as browser:
        yield browser


@pytest.fixture
def browser(_chromium):
    """The browser. What a test has opened in it is closed when the test ends."""
    yield _chromium
    for context in _chromium.contexts:
        context.close()


@pytest.fixture
def page(browser):
    """Open a new window without cookies."""
    return browser.new_context().new_page()


@pytest.fixture
def page_without_javascript(browser):
    """Open a new window without JavaScript."""
    return browser.new_context(java_script_enabled=False).new_page()


@pytest.fixture(scope="session", autouse=True)
def _one_child_process_for_the_same_file():
    """Most tests use the same few files, and starting a process for each would take minutes."""
    from home.files import cleaning, validation
    from home.files.child import run_job
    from home.models.library import file, file_page, file_text

    results = {}

    def remembered(name, file, **options):
        file.seek(0)
        key = name, file.read(), repr(options)
        if key not in results:
            results[key] = run_job(name, file, **options)
        file.seek(0)
        return results[key]

    with pytest.MonkeyPatch.context() as patch:
        for module in (cleaning, validation, file, file_page, file_text):
            patch.setattr(module, "run_job", remembered)
        yield


@pytest.fixture(autouse=True)
def _empty_caches():
    from tests.support.caches import empty_caches

    empty_caches()


@pytest.fixture(autouse=True)
def _background_processes_are_at_work():
    """The admin's first screen would name them otherwise."""
    from leadwatch.processes.background import PROCESSES, beat

    for process in PROCESSES:
        beat(process)
