"""
The version of what visitors see: another one after every change of it, whoever made the change.

Triggers of the database tell of changes, since Django sends no signal for `update()`, `bulk_create()` or SQL,
and its signals can be lost when a process is killed after the commit.
"""

from dataclasses import dataclass
from random import getrandbits

from django.apps import apps
from django.core.cache import cache
from django.db import Error, connection, connections, transaction

from home.text import fingerprint
from leadwatch.models import ContentVersion

__all__ = ["UNSEEN", "content_version", "drop_triggers", "install_triggers", "is_own_trigger", "seen_models"]

# Models that show on no cached page. A change of any other model counts.
UNSEEN = {
    *("auth.group", "auth.group_permissions", "auth.permission", "contenttypes.contenttype"),
    *("django_tasks_database.dbtaskresult", "leadwatch.contentversion", "sessions.session"),
    *("home.contactmessage", "home.externallink", "home.linkuse", "home.user", "home.user_groups"),
    *("home.outgoingmail", "home.user_user_permissions", "home.wordingchange", "timeline.eventimport"),
    *("search.entry", "search.entrytext", "search.facetset", "search.knownword", "search.missedsearch"),
    *("simple_translation.simpletranslation", "wagtailadmin.admin", "wagtailadmin.editingsession"),
    *("wagtailadmin.formstate", "wagtailcore.comment", "wagtailcore.commentreply"),
    *("wagtailcore.groupapprovaltask", "wagtailcore.groupapprovaltask_groups"),
    *("wagtailcore.groupcollectionpermission", "wagtailcore.grouppagepermission"),
    *("wagtailcore.groupsitepermission", "wagtailcore.modellogentry", "wagtailcore.pagelogentry"),
    *("wagtailcore.pagesubscription", "wagtailcore.referenceindex", "wagtailcore.revision"),
    *("wagtailcore.task", "wagtailcore.taskstate", "wagtailcore.uploadedfile", "wagtailcore.workflow"),
    *("wagtailcore.workflowcontenttype", "wagtailcore.workflowpage", "wagtailcore.workflowstate"),
    *("wagtailcore.workflowtask", "wagtaildocs.document", "wagtailembeds.embed"),
    *("wagtailforms.formsubmission", "wagtailimages.image", "wagtailimages.rendition"),
    *("wagtailsearch.indexentry", "wagtailsearch.sqliteftsindexentry", "wagtailsearchpromotions.query"),
    *("wagtailsearchpromotions.querydailyhits", "wagtailsearchpromotions.searchpromotion"),
    "wagtailusers.userprofile",
}
# Rows of these are made while a page is shown for the first time, which changes nothing.
MADE_WHEN_SHOWN = {"home.siterendition"}
# Fields about drafts, locks, schedules and the number of children.
UNSEEN_FIELDS = {
    *("draft_title", "expire_at", "expired", "go_live_at", "has_unpublished_changes", "latest_revision"),
    *("latest_revision_created_at", "locked", "locked_at", "locked_by", "numchild"),
}
PREFIX = "leadwatch_seen_"
TABLE = ContentVersion._meta.db_table
# Rows that make up the version: on PostgreSQL, a transaction may end after others that began later, so that
# its row is not the highest.
WINDOW = 50
LAST_KEY = "last-content-version"


@dataclass
class Known:
    """The version that this process read last."""

    version: str | None = None


known = Known()


def content_version():
    """
    A mark that is another one after every change of content; None while there is none.

    While the database does not answer it is the last one that a process has read, so that what is kept can
    still be shown.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(vendor_of("default").newest)
            rows = cursor.fetchall()
    except Error:
        # Another process may have read a newer version, and this one none yet.
        return cache.get(LAST_KEY) or known.version
    version = f"{rows[0][0]}.{sum(mark for _pk, mark, *_rest in rows):x}" if rows else None
    if version != known.version:
        cache.set(LAST_KEY, version, timeout=None)
        known.version = version
    return version


def seen_models():
    """The models whose tables have triggers."""
    models = apps.get_models(include_auto_created=True)
    tables = [model for model in models if model._meta.managed and not model._meta.proxy]
    return [model for model in tables if model._meta.label_lower not in UNSEEN]


def drop_triggers(using="default", plan=None, **kwargs):
    """
    Signal receiver: a migration may not change columns that a trigger names. Until they are installed again
    there is no version, so that nothing old is shown.
    """
    if plan:
        with transaction.atomic(using), connections[using].cursor() as cursor:
            for statement in vendor_of(using).drops(cursor).values():
                cursor.execute(statement)
            if has_table(using):
                ContentVersion.objects.using(using).all().delete()


def install_triggers(using="default", **kwargs):
    """Signal receiver: make missing triggers. SQLite drops those of a table that it rebuilds."""
    if not has_table(using):
        return
    vendor = vendor_of(using)
    wanted = {
        f"{PREFIX}{fingerprint(rest)[:16]}": rest
        for model in seen_models()
        for rest in vendor.triggers(model)
    }
    versions = ContentVersion.objects.using(using)
    with transaction.atomic(using), connections[using].cursor() as cursor:
        there = vendor.drops(cursor)
        outdated, missing = there.keys() - wanted.keys(), wanted.keys() - there.keys()
        cursor.execute(vendor.function)
        for name in outdated:
            cursor.execute(there[name])
        for name in missing:
            cursor.execute(f"CREATE TRIGGER {name} {wanted[name]}")
        if outdated or missing or not versions.exists():
            # Changes while triggers were missing left no row.
            versions.create(mark=getrandbits(32))


def is_own_trigger(name, sql):
    """Whether a trigger of SQLite is made here, and does nothing but tell of a change."""
    head, _begin, rest = sql.partition(" BEGIN ")
    return head.startswith(f"CREATE TRIGGER {PREFIX}") and name in head and rest == f"{SQLite.add} END"


def has_table(using):
    return TABLE in connections[using].introspection.table_names()


def vendor_of(using):
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connections[using].vendor]


def events_of(model, distinct):
    """
    The operations on the table of a model that count, each with a condition.

    :param distinct: the operator that compares two values, of which one may be null.
    """
    yield "DELETE", ""
    if model._meta.label_lower not in MADE_WHEN_SHOWN:
        yield "INSERT", ""
    fields = model._meta.local_concrete_fields
    if not any(field.name in UNSEEN_FIELDS for field in fields):
        yield "UPDATE", ""
        return
    columns = [connection.ops.quote_name(field.column) for field in fields if field.name not in UNSEEN_FIELDS]
    changed = " OR ".join(f"OLD.{column} {distinct} NEW.{column}" for column in columns)
    yield "UPDATE", f"WHEN ({changed})"


class SQLite:
    """SQL for SQLite. Writers wait for each other, so each change may add a row."""

    newest = f"SELECT id, mark FROM {TABLE} ORDER BY id DESC LIMIT {WINDOW}"
    function = "SELECT 1"
    add = f"INSERT INTO {TABLE} (mark) VALUES (random() & 4294967295);"

    @staticmethod
    def drops(cursor):
        """The statements that drop our triggers, by their names."""
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
        )
        return {name: f"DROP TRIGGER {name}" for (name,) in cursor.fetchall()}

    @staticmethod
    def triggers(model):
        """Yield the rest of each CREATE TRIGGER statement for a model, after the name."""
        table = connection.ops.quote_name(model._meta.db_table)
        for event, condition in events_of(model, "IS NOT"):
            yield f"AFTER {event} ON {table} FOR EACH ROW {condition} BEGIN {SQLite.add} END"


class PostgreSQL:
    """SQL for PostgreSQL. A transaction adds one row, however much it changes."""

    # After the version is read in a transaction, the next change in it adds another row.
    newest = f"""
        SELECT id, mark, set_config('leadwatch.seen', '', true) FROM {TABLE} ORDER BY id DESC LIMIT {WINDOW}
    """
    function = f"""
        CREATE OR REPLACE FUNCTION {PREFIX}change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_setting('leadwatch.seen', true) IS DISTINCT FROM txid_current()::text THEN
                INSERT INTO {TABLE} (mark) VALUES (floor(random() * 4294967296));
                PERFORM set_config('leadwatch.seen', txid_current()::text, true);
            END IF;
            RETURN NULL;
        END $$
    """

    @staticmethod
    def drops(cursor):
        """The statements that drop our triggers, by their names."""
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s", [f"{PREFIX}%"]
        )
        return {name: f"DROP TRIGGER {name} ON {table}" for name, table in cursor.fetchall()}

    @staticmethod
    def triggers(model):
        """Yield the rest of each CREATE TRIGGER statement for a model, after the name."""
        table = connection.ops.quote_name(model._meta.db_table)
        events = [*events_of(model, "IS DISTINCT FROM"), ("TRUNCATE", "")]
        for event, condition in events:
            each = "STATEMENT" if event == "TRUNCATE" else "ROW"
            yield f"AFTER {event} ON {table} FOR EACH {each} {condition} EXECUTE FUNCTION {PREFIX}change()"
