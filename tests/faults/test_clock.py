"""The site goes on after its clock was set an hour ahead, and back again."""

from pathlib import Path

import pytest

from tests.support.editing import published

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


@pytest.fixture
def set_clock(site):
    """Return a function that restarts the site. faketime can't set the clock of a running process."""
    if not LIBRARIES:
        pytest.skip("faketime is not installed.")
    yield lambda ahead: site.restart(LD_PRELOAD=LIBRARIES[0], FAKETIME=ahead)
    site.restart()


def test_pages_messages_and_publishing_go_on(site, set_clock):
    for ahead in ("+1h", "+0"):
        editor, message = site.editor(), site.message()
        set_clock(ahead)
        site.forget_pages()
        assert site.statuses() == {200}
        assert site.ask(*message).status == 303
        # An administrator signs in again after an idle hour.
        editor.site.sign_in()
        assert editor.publish()().status == 302
        assert published(editor.site, "event") == editor.version
    assert site.manage("scheduler", "--once").returncode == 0
