import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from home.models import SiteImage
from tests import factories
from timeline.models import EventPage

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own tools"),
]


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    return tmp_path


def test_what_was_backed_up_comes_back_with_its_pictures(folder):
    factories.make_event(title="Kept")
    content = (folder / "media" / factories.make_image().file.name).read_bytes()
    call_command("backup")
    (archive,) = (folder / "backups").iterdir()
    EventPage.objects.all().delete()
    for file in (folder / "media" / "original_images").iterdir():
        file.unlink()
    call_command("restore", archive)
    assert EventPage.objects.get().title == "Kept"
    assert (folder / "media" / SiteImage.objects.get().file.name).read_bytes() == content


def test_what_is_no_backup_is_refused_and_changes_nothing(folder):
    factories.make_event(title="Kept")
    other = folder / "holiday.tar.gz"
    other.write_bytes(b"photos")
    with pytest.raises(CommandError, match="is no backup"):
        call_command("restore", other)
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", folder / "missing.tar.gz")
    assert EventPage.objects.get().title == "Kept"
