"""
The version of visible content, which changes with every change of that content.

Database triggers record changes. Django sends no signals for `update()`, `bulk_create()` or raw SQL, and
signals can be lost if a process is killed after the commit.
"""

from random import getrandbits
from types import SimpleNamespace

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection, connections, transaction

from home.text import fingerprint
from leadwatch.models import ContentVersion
from leadwatch.page_cache import version_link

# Models that no cached page shows. Changes of all other models count.
UNSEEN = {
    *("auth.group", "auth.group_permissions", "auth.permission", "contenttypes.contenttype"),
    *("django_tasks_database.dbtaskresult", "leadwatch.contentversion", "sessions.session"),
    *("home.contactmessage", "home.externallink", "home.linkuse", "home.user", "home.user_groups"),
    *("home.inboxkey", "home.messagenote", "home.outgoingmail", "home.trace", "home.trycounter"),
    *("home.assignment", "home.suggestion", "home.user_user_permissions", "home.wordingchange"),
    "timeline.eventimport",
    *("otp_static.staticdevice", "otp_static.statictoken", "otp_totp.totpdevice"),
    *("search.entry", "search.entrytext", "search.facetset", "search.knownword", "search.missedsearch"),
    *("wagtailadmin.admin", "wagtailadmin.editingsession", "wagtailadmin.formstate"),
    *("wagtailcore.apitoken", "wagtailcore.comment", "wagtailcore.commentreply"),
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
# Models whose new rows don't count: screens for editors make renditions of their own. Those for visitors are
# made together with an update of the image, which counts.
ADDED_UNSEEN = {"home.siterendition"}
# Fields about drafts, locks, schedules and the number of children.
UNSEEN_FIELDS = {
    *("draft_title", "expire_at", "expired", "go_live_at", "has_unpublished_changes", "latest_revision"),
    *("latest_revision_created_at", "locked", "locked_at", "locked_by", "numchild"),
}
PREFIX = "leadwatch_seen_"
TABLE = ContentVersion._meta.db_table
# Number of rows in the version. On PostgreSQL, a transaction may commit after others that began later, so its
# row may not have the highest ID.
WINDOW = 50
LAST_KEY = "last-content-version"


# The version that this process read last.
known = SimpleNamespace(version=None)


def content_version():
    """
    Return a value that changes with every change of content, or None while there is no version.

    While the database is unavailable, it is the last version that a process has read, so that cached pages
    can still be served.
    """
    return next(iter(content_versions()), None)


def read_version(database=connection):
    """Return the version in the database, or None."""
    is_new = database.connection is None
    try:
        return _read(database)
    except Error:
        if is_new or database.in_atomic_block:
            raise
    # The database may have been restarted since this connection was opened.
    database.close()
    return _read(database)


def _read(database):
    with database.cursor() as cursor:
        cursor.execute(vendor_of("default").newest)
        newest, marks = cursor.fetchone()[:2]
    return f"{newest}.{int(marks):x}" if newest else None


def content_versions(read=read_version):
    """
    Return the version in a list. While the database is unavailable, it may also contain the previous one,
    since few pages are cached right after a change.
    """
    try:
        version = read()
    except Error:
        # Another process may have read a newer version.
        versions = version_link.last_versions() or [cache.get(LAST_KEY) or known.version]
        return [version for version in versions if version]
    if version != known.version:
        cache.set(LAST_KEY, version, timeout=None)
        known.version = version
        if settings.VERSION_DIR and not connection.in_atomic_block:
            version_link.follow(read)
    return [version] if version else []


def follow(is_new_server=False):
    """Make the link for nginx name the version in the database, and return whether it does. Never fails."""
    return version_link.follow(read_version, is_new_server)


def seen_models():
    """Return the models whose tables have triggers."""
    models = apps.get_models(include_auto_created=True)
    tables = [model for model in models if model._meta.managed and not model._meta.proxy]
    return [model for model in tables if model._meta.label_lower not in UNSEEN]


def drop_triggers(using="default", plan=None, **kwargs):
    """
    Drop the triggers before a migration, which cannot change columns that a trigger names (signal receiver).
    Until they are installed again, there is no version, so that no old page is served.
    """
    if plan:
        with transaction.atomic(using), connections[using].cursor() as cursor:
            for statement in vendor_of(using).drops(cursor).values():
                cursor.execute(statement)
            if has_table(using):
                ContentVersion.objects.using(using).all().delete()


def install_triggers(using="default", **kwargs):
    """Create missing triggers (signal receiver). SQLite drops the triggers of a table that it rebuilds."""
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
            # Changes without triggers left no row.
            versions.create(mark=getrandbits(32))


def is_own_trigger(name, sql):
    """Return whether a SQLite trigger was created here and only records changes."""
    head, _begin, rest = sql.partition(" BEGIN ")
    return head.startswith(f"CREATE TRIGGER {PREFIX}") and name in head and rest == f"{SQLite.add} END"


def has_table(using):
    return TABLE in connections[using].introspection.table_names()


def vendor_of(using):
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connections[using].vendor]


def events_of(model, distinct):
    """Yield operations on a table that count, with a condition; `distinct` compares nullable values."""
    yield "DELETE", ""
    if model._meta.label_lower not in ADDED_UNSEEN:
        yield "INSERT", ""
    fields = model._meta.local_concrete_fields
    if not any(field.name in UNSEEN_FIELDS for field in fields):
        yield "UPDATE", ""
        return
    columns = [connection.ops.quote_name(field.column) for field in fields if field.name not in UNSEEN_FIELDS]
    changed = " OR ".join(f"OLD.{column} {distinct} NEW.{column}" for column in columns)
    yield "UPDATE", f"WHEN ({changed})"


class SQLite:
    """
    SQL for SQLite. Writers are serialized, so each change may add a row.

    `drops` returns statements by trigger name; `triggers` yields what follows CREATE TRIGGER and the name.
    """

    newest = f"SELECT max(id), sum(mark) FROM (SELECT id, mark FROM {TABLE} ORDER BY id DESC LIMIT {WINDOW})"
    function = "SELECT 1"
    add = f"INSERT INTO {TABLE} (mark) VALUES (random() & 4294967295);"

    @staticmethod
    def drops(cursor):
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
        )
        return {name: f"DROP TRIGGER {name}" for (name,) in cursor.fetchall()}

    @staticmethod
    def triggers(model):
        table = connection.ops.quote_name(model._meta.db_table)
        for event, condition in events_of(model, "IS NOT"):
            yield f"AFTER {event} ON {table} FOR EACH ROW {condition} BEGIN {SQLite.add} END"


class PostgreSQL:
    """SQL for PostgreSQL. A transaction adds one row, no matter how much it changes."""

    # After the version is read in a transaction, the next change in it adds another row.
    newest = f"""
        SELECT max(id), sum(mark), set_config('leadwatch.seen', '', true)
        FROM (SELECT id, mark FROM {TABLE} ORDER BY id DESC LIMIT {WINDOW}) AS newest
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
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname LIKE %s AND relnamespace = current_schema()::regnamespace",
            [f"{PREFIX}%"],
        )
        return {name: f"DROP TRIGGER {name} ON {table}" for name, table in cursor.fetchall()}

    @staticmethod
    def triggers(model):
        table = connection.ops.quote_name(model._meta.db_table)
        events = [*events_of(model, "IS DISTINCT FROM"), ("TRUNCATE", "")]
        for event, condition in events:
            each = "STATEMENT" if event == "TRUNCATE" else "ROW"
            yield f"AFTER {event} ON {table} FOR EACH {each} {condition} EXECUTE FUNCTION {PREFIX}change()"
