"""
Let PostgreSQL count matches without a join: triggers copy what they are counted by from `search_entry`.

Triggers, because the version of the site that is being replaced writes to both tables, too.
"""

from django.db import migrations

ADD = """
    ALTER TABLE search_words
        ADD COLUMN IF NOT EXISTS is_public boolean,
        ADD COLUMN IF NOT EXISTS locale_id bigint,
        ADD COLUMN IF NOT EXISTS facet_set_id bigint;

    CREATE OR REPLACE FUNCTION search_words_added() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            SELECT is_public, locale_id, facet_set_id INTO NEW.is_public, NEW.locale_id, NEW.facet_set_id
            FROM search_entry WHERE id = NEW.rowid;
            RETURN NEW;
        END $$;
    CREATE OR REPLACE TRIGGER search_words_added BEFORE INSERT ON search_words
        FOR EACH ROW EXECUTE FUNCTION search_words_added();

    CREATE OR REPLACE FUNCTION search_entry_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                UPDATE search_words
                SET is_public = NEW.is_public, locale_id = NEW.locale_id, facet_set_id = NEW.facet_set_id
                WHERE rowid = NEW.id AND (is_public, locale_id, facet_set_id)
                    IS DISTINCT FROM (NEW.is_public, NEW.locale_id::bigint, NEW.facet_set_id);
            ELSIF TG_OP = 'DELETE' THEN
                DELETE FROM search_words WHERE rowid = OLD.id;
            ELSE
                DELETE FROM search_words;
            END IF;
            RETURN NULL;
        END $$;
    CREATE OR REPLACE TRIGGER search_entry_changed AFTER UPDATE OR DELETE ON search_entry
        FOR EACH ROW EXECUTE FUNCTION search_entry_changed();
    CREATE OR REPLACE TRIGGER search_entry_emptied AFTER TRUNCATE ON search_entry
        FOR EACH STATEMENT EXECUTE FUNCTION search_entry_changed();
"""
FILL = """
    UPDATE search_words
    SET is_public = entry.is_public, locale_id = entry.locale_id, facet_set_id = entry.facet_set_id
    FROM search_entry AS entry WHERE entry.id = rowid
"""
REMOVE = """
    DROP TRIGGER IF EXISTS search_entry_emptied ON search_entry;
    DROP TRIGGER IF EXISTS search_entry_changed ON search_entry;
    DROP TRIGGER IF EXISTS search_words_added ON search_words;
    DROP FUNCTION IF EXISTS search_entry_changed, search_words_added;
    ALTER TABLE search_words
        DROP COLUMN IF EXISTS is_public, DROP COLUMN IF EXISTS locale_id, DROP COLUMN IF EXISTS facet_set_id;
"""


def on_postgresql(sql):
    """Return an operation of its own transaction, so that no table is locked while rows are filled."""

    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(sql)

    return run


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("search", "0001_the_index")]

    operations = [
        migrations.RunPython(on_postgresql(ADD), on_postgresql(REMOVE), atomic=True),
        migrations.RunPython(on_postgresql(FILL), migrations.RunPython.noop, atomic=True),
    ]
