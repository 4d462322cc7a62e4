from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction, Site

from home.models import ContactMessage, SiteSettings
from leadwatch.models import ContentVersion
from leadwatch.page_cache import versions
from leadwatch.page_cache.versions import content_version
from search.index.signals import DRAFT_FIELDS
from tests.support import factories
from timeline.models import EventCategory, EventPage, EventSource

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def event():
    SiteSettings.load()
    return factories.make_event(partners=[factories.make_partner()])


def sql(statement):
    def change(event):
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return change


def publish(event):
    event.title = "After"
    event.save_revision().publish()


def restrict(event):
    PageViewRestriction.objects.create(page=event, restriction_type=PageViewRestriction.LOGIN)


def update_in_bulk(event):
    event.place = "Elsewhere"
    EventPage.objects.bulk_update([event], ["place"])


CHANGES = {
    "publish": publish,
    "take back": lambda event: event.unpublish(),
    "delete": lambda event: event.delete(),
    "restrict": restrict,
    "move": lambda event: event.move(event.get_parent().get_parent(), "last-child"),
    "copy": lambda event: event.copy(update_attrs={"slug": "copy"}),
    "update": lambda event: EventPage.objects.filter(pk=event.pk).update(place="Elsewhere"),
    "update of a page": lambda event: Page.objects.filter(pk=event.pk).update(title="After"),
    "bulk_create": lambda event: EventSource.objects.bulk_create([EventSource(owner=event, title="New")]),
    "bulk_update": update_in_bulk,
    "delete of a queryset": lambda event: EventSource.objects.filter(owner=event)._raw_delete("default"),
    "many to many": lambda event: EventPage.partners.through.objects.all().delete(),
    "category": lambda event: EventCategory.objects.update(name="After"),
    "settings": lambda event: SiteSettings.objects.update(footer_text="After"),
    "site": lambda event: Site.objects.update(hostname="elsewhere.example"),
    "language": lambda event: Locale.objects.create(language_code="es"),
    "SQL": sql("UPDATE timeline_eventpage SET place = 'Elsewhere'"),
    "SQL that deletes": sql("DELETE FROM timeline_eventsource"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_visible_change_makes_a_new_version(event, change):
    before = content_version()
    change(event)
    assert content_version() not in (before, None)


def save_draft(event):
    event.title = "Draft"
    event.save_revision()


def save_draft_of_category(event):
    category = event.category
    category.name = "Draft"
    category.save_revision()


def schedule(event):
    event.go_live_at = timezone.now() + timedelta(days=1)
    event.save_revision().publish()


def roll_back(event):
    with transaction.atomic():
        EventPage.objects.update(place="Elsewhere")
        transaction.set_rollback(True)


NO_CHANGES = {
    "draft": save_draft,
    "draft of a category": save_draft_of_category,
    "lock": lambda event: Page.objects.filter(pk=event.pk).update(locked=True, locked_at=timezone.now()),
    "schedule": schedule,
    "saving as it is": lambda event: Page.objects.get(pk=event.pk).save(),
    "message": lambda event: ContactMessage.objects.create(form_data={}, page=event),
    "rollback": roll_back,
}


@pytest.mark.parametrize("change", NO_CHANGES.values(), ids=NO_CHANGES)
def test_an_invisible_change_makes_no_new_version(event, change):
    before = content_version()
    change(event)
    assert content_version() == before


def test_fields_about_drafts_make_no_new_version():
    assert DRAFT_FIELDS <= versions.UNSEEN_FIELDS
    names = {field.name for model in versions.seen_models() for field in model._meta.local_fields}
    assert names >= versions.UNSEEN_FIELDS


def test_a_new_rendition_is_no_change_until_it_is_deleted():
    image = factories.make_image()
    before = content_version()
    rendition = image.get_rendition("width-10")
    assert content_version() == before
    rendition.delete()
    assert content_version() != before


def test_the_version_needs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        content_version()


def test_the_last_version_stays_valid_while_the_database_is_down(event):
    before = content_version()

    def fail(*args):
        raise Error("gone")

    with connection.execute_wrapper(fail):
        assert content_version() == before


def test_a_new_process_uses_the_version_of_another_while_the_database_is_down(event, monkeypatch):
    monkeypatch.setattr(versions, "known", SimpleNamespace(version=None))
    before = content_version()
    monkeypatch.setattr(versions, "known", SimpleNamespace(version=None))

    def fail(*args):
        raise Error("gone")

    with connection.execute_wrapper(fail):
        assert content_version() == before is not None


def triggers():
    with connection.cursor() as cursor:
        return set(versions.vendor_of("default").drops(cursor))


def test_each_visible_table_has_triggers_for_each_kind_of_change():
    kinds = 3 if connection.vendor == "sqlite" else 4
    # A rendition that is created when a page is shown is not a change.
    assert len(triggers()) == kinds * len(versions.seen_models()) - 1


def test_triggers_are_dropped_and_nothing_is_cached_during_migrations(event):
    before = content_version()
    versions.drop_triggers(plan=["a migration"])
    assert not triggers()
    assert content_version() is None
    EventPage.objects.update(place="Elsewhere")
    versions.install_triggers()
    assert triggers()
    assert content_version() not in (before, None)


def test_nothing_changes_without_migrations(event):
    before, there = content_version(), triggers()
    call_command("migrate", verbosity=0)
    assert (content_version(), triggers()) == (before, there)


def test_triggers_of_a_rebuilt_table_are_restored_as_a_change(event):
    before, there = content_version(), triggers()
    with connection.cursor() as cursor:
        drops = versions.vendor_of("default").drops(cursor)
        for name in sorted(drops)[:3]:
            cursor.execute(drops[name])
    assert len(triggers()) == len(there) - 3
    versions.install_triggers()
    assert triggers() == there
    assert content_version() != before


def test_a_model_that_is_no_longer_visible_loses_its_triggers(monkeypatch):
    monkeypatch.setattr(versions, "UNSEEN", versions.UNSEEN | {"home.glossaryterm"})
    before = len(triggers())
    versions.install_triggers()
    assert len(triggers()) < before


def test_a_late_row_makes_a_new_version():
    """On PostgreSQL, a transaction that began earlier may commit later."""
    ContentVersion.objects.bulk_create(ContentVersion(pk=pk, mark=pk) for pk in (1001, 1003))
    before = content_version()
    ContentVersion.objects.create(pk=1002, mark=5)
    assert content_version() != before


def test_old_rows_are_deleted_and_the_version_stays():
    first = ContentVersion.objects.create(mark=1).pk
    ContentVersion.objects.bulk_create(ContentVersion(mark=1) for _each in range(ContentVersion.KEPT))
    before = content_version()
    call_command("delete_expired")
    assert content_version() == before
    assert ContentVersion.objects.count() == ContentVersion.KEPT
    assert not ContentVersion.objects.filter(pk=first).exists()


def test_names_of_unseen_models_exist():
    labels = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    # The first one exists only on SQLite, the second one only in Wagtail 8.
    assert labels | {"wagtailsearch.sqliteftsindexentry", "wagtailcore.apitoken"} >= versions.UNSEEN
