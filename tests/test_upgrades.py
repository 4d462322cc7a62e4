"""
Sites of earlier versions can be upgraded, and the old version serves while migrations run.

`make release-fixture` adds the data of a release.
"""

from html import unescape

import pytest
from django.conf import global_settings
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from wagtail.models import Page, PageLogEntry

from home.models import ContactMessage, DocumentPage, Figure, GlossaryTerm, User
from tests.support import releases
from tests.support.snapshots import restore
from timeline.models import EventPage

# What a new migration drops, as "table" or "table.column", with the release that stopped using it. Only a
# release after that one may drop it, since the release before serves while migrations run.
DROPPED = {}
# Tables whose rows are made again, deleted in time, or follow from models.
PASSING = (
    *("auth_permission", "django_", "leadwatch_contentversion", "search_", "sqlite_"),
    *("wagtailcore_referenceindex", "wagtailsearch_"),
)

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="The data of releases is SQLite's.")


@pytest.fixture
def load(shared_db, tmp_path, settings):
    """Return a function that puts the data of a release into the database. Afterwards, it is restored."""
    settings.MEDIA_ROOT = tmp_path / "media"
    # Other tests use a faster one.
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    return lambda release: releases.load(release, tmp_path / "release", settings.MEDIA_ROOT)


@pytest.mark.parametrize("release", releases.RELEASES)
def test_data_of_a_release_can_be_upgraded(release, load, client, subtests):
    of_a_new_site = (releases.schema(), releases.constraints())
    before = load(release)
    call_command("migrate", verbosity=0)
    for upgraded, new in zip((releases.schema(), releases.constraints()), of_a_new_site, strict=True):
        assert {table: upgraded.get(table) for table in new} == new
    after = releases.rows(connection.connection)
    lost = {
        table: (count, after.get(table))
        for table, count in before.items()
        if not table.startswith(PASSING) and after.get(table, 0) < count
    }
    assert lost == {}
    pages = [page for page in Page.objects.live().public().filter(depth__gt=1).specific() if page.url]
    assert len(pages) > 45
    for page in pages:
        response = client.get(page.url)
        with subtests.test(page.url):
            assert response.status_code == 200
            assert (getattr(page, "headline", "") or page.title) in unescape(response.content.decode())
    # Revisions are JSON of the version that saved them.
    for page in Page.objects.filter(depth__gt=1):
        with subtests.test(page.url_path):
            page.get_latest_revision_as_object().full_clean()
    administrator = Client()
    administrator.force_login(User.objects.create_superuser("upgrader"))
    for page in Page.objects.filter(slug__startswith="release"):
        with subtests.test(f"the editor of {page.slug}"):
            assert administrator.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
    check_fields(client)


def check_fields(client):
    """Check a sample of what was entered."""
    event = EventPage.objects.get(slug="release")
    assert (event.title, event.when, event.place) == ("An event of the release", "May 2019", "New Haven")
    assert event.sources.get().title == "A source of the release"
    assert "Words of the release" in client.get(event.url).content.decode()
    assert client.get(event.lead_image.get_rendition("width-20").url).status_code == 200
    assert "release" in client.get("/search/?q=release").content.decode()
    assert PageLogEntry.objects.filter(page=event.pk, action="wagtail.publish").exists()
    document = DocumentPage.objects.get(slug="release-document")
    assert b"Minutes of a meeting" in client.get(document.file.url).getvalue()
    assert not EventPage.objects.get(slug="release-draft").live
    assert "A private page" not in client.get("/release-private/").content.decode()
    assert [str(value) for value in Figure.objects.get(slug="release-figure").values.all()]
    assert GlossaryTerm.objects.get(slug="release-term").definition == "What it means."
    message = ContactMessage.objects.get(form_data__your_message="A message of the release")
    assert message.page.slug == "contact"
    editor = User.objects.get(email="editor@example.org")
    assert editor.check_password("a long password")
    assert editor.groups.get().name == "Editors"


def test_new_migrations_leave_the_old_version_what_it_uses(load):
    load(releases.RELEASES[-1])
    found, schemas = {}, [releases.schema()]
    used = schemas[0].keys()

    def look(action, migration=None, fake=False):
        if action == "apply_success":
            schemas.append(releases.schema())
            dangers = releases.dangers(*schemas[-2:])
            # The old version doesn't know what is new.
            found.update(
                (what, f"{migration}: {what} {danger}")
                for what, danger in dangers
                if what.partition(".")[0] in used
            )

    executor = MigrationExecutor(connection, look)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert [sentence for what, sentence in found.items() if what not in DROPPED] == []
    assert DROPPED.keys() <= found.keys(), "Remove what the newest release doesn't have any more."


KIND = models.CharField(max_length=8)
SAFE = [
    migrations.CreateModel("Extra", [("id", models.BigAutoField(primary_key=True)), ("text", KIND)]),
    migrations.AddField("outgoingmail", "extra", models.CharField(max_length=8, null=True)),
    migrations.AddField("outgoingmail", "extra", models.CharField(max_length=8, db_default="x")),
    migrations.AlterField("outgoingmail", "subject", models.TextField(null=True)),
    migrations.RunSQL("UPDATE home_outgoingmail SET subject = 'Words'"),
]
DANGEROUS = {
    "home_outgoingmail.subject is dropped": [
        migrations.RemoveField("outgoingmail", "subject"),
        migrations.RenameField("outgoingmail", "subject", "title"),
        migrations.AlterField("outgoingmail", "subject", models.TextField(db_column="title")),
        migrations.RunSQL("ALTER TABLE home_outgoingmail DROP COLUMN subject"),
    ],
    "home_outgoingmail is dropped": [
        migrations.DeleteModel("outgoingmail"),
        migrations.RenameModel("outgoingmail", "mail"),
        migrations.AlterModelTable("outgoingmail", "mails"),
        migrations.RunPython(lambda apps, editor: editor.execute("DROP TABLE home_outgoingmail")),
    ],
    "home_outgoingmail.due_at is now required": [
        migrations.AlterField("outgoingmail", "due_at", models.DateTimeField()),
    ],
    "home_outgoingmail.extra is new and required": [
        migrations.AddField("outgoingmail", "extra", models.CharField(max_length=8, default="x")),
    ],
}


def found_in(operation, state):
    """Apply an operation to the database. Return what the old version can't do with it."""
    before = releases.schema()
    migration = migrations.Migration("made_up", "home")
    migration.operations = [operation]
    with connection.schema_editor() as editor:
        migration.apply(state.clone(), editor)
    return [" ".join(danger) for danger in releases.dangers(before, releases.schema())]


def test_dangerous_migrations_are_found(shared_db, snapshots, subtests):
    state = MigrationLoader(connection).project_state()
    for operation in SAFE:
        with subtests.test(operation.describe()):
            assert found_in(operation, state) == []
        restore(snapshots["migrated"])
    for expected, operations in DANGEROUS.items():
        for operation in operations:
            with subtests.test(operation.describe()):
                # A new name is a new column as well.
                assert found_in(operation, state)[0].startswith(expected)
            restore(snapshots["migrated"])
