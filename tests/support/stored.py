"""
Pages that most tests begin with: made once a run, and then put into the database of a test as rows.

That takes a fifth of the time. A page whose place or numbers are taken is made like any other. So are all of
them on PostgreSQL, whose sequences would not know of the rows.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from wagtail.models import Locale, Page, Site

from home.models import HomePage

# How FTS5 stores words, what triggers write, and what SQLite counts itself.
LEFT_OUT = ("search_words_", "wagtailsearch_", "leadwatch_contentversion", "sqlite_")
# Words that other pages may have, too.
SHARED = "search_knownword"

_statements: dict = {}


def store(makers):
    """
    Make pages in a migrated database, keep their rows, and remove them again.

    :param makers: functions that make the home page, and the only page of other models below it.
    """
    if connection.vendor != "sqlite":
        return
    with transaction.atomic():
        before = _rows()
        for make in makers:
            model, after = type(make()), _rows()
            _statements[model] = _surroundings(model), [*_insertions(before, after)]
            before = after
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()


def put(model):
    """Return the only page of a model, or None if its rows don't fit into the database."""
    surroundings, statements = _statements.get(model, (None, ()))
    if surroundings is None or surroundings != _surroundings(model):
        return None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, rows in statements:
                cursor.executemany(sql, rows)
    except IntegrityError:
        return None
    page = model.objects.get()
    Page.objects.filter(path=page.path[: -Page.steplen]).update(numchild=F("numchild") + 1)
    if model is HomePage:
        Site.objects.filter(is_default_site=True).update(root_page=page)
        Site.clear_site_root_paths_cache()
    return page


def _surroundings(model):
    """Return the keys that the rows refer to. A test that has emptied the database may have others."""
    root = HomePage.objects.values_list("pk", "path").first() if model is not HomePage else None
    return ContentType.objects.get_for_model(model).pk, Locale.get_default().pk, root


def _rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [name for (name,) in cursor.fetchall() if not name.startswith(LEFT_OUT)]
        found = {}
        for name in names:
            cursor.execute(f'SELECT rowid AS "rowid", * FROM "{name}"')
            found[name] = [column[0] for column in cursor.description], set(cursor.fetchall())
    return found


def _insertions(before, after):
    """Yield a statement for each table with new rows, and the rows."""
    for name, (columns, rows) in after.items():
        _columns, old = before[name]
        known = {row[0] for row in old}
        added = sorted(row for row in rows if row[0] not in known)
        if not added:
            continue
        if name == SHARED:
            columns, added = columns[2:], [row[2:] for row in added]
        names, marks = ", ".join(f'"{each}"' for each in columns), ", ".join(["%s"] * len(columns))
        ignore = "OR IGNORE " if name == SHARED else ""
        yield f'INSERT {ignore}INTO "{name}" ({names}) VALUES ({marks})', added
