import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def follow(apps, schema_editor):
    """Take it that the translations of a site follow what visitors see of their originals."""
    Page = apps.get_model("wagtailcore", "Page")
    pages = Page.objects.using(schema_editor.connection.alias).filter(alias_of=None)
    originals = pages.filter(locale__language_code=settings.LANGUAGE_CODE)
    followed = dict(originals.values_list("translation_key", "live_revision"))
    translations = pages.exclude(locale__language_code=settings.LANGUAGE_CODE).filter(
        translation_key__in=originals.values("translation_key")
    )
    Translation = apps.get_model("home", "Translation")
    Translation.objects.using(schema_editor.connection.alias).bulk_create(
        Translation(translation_key=key, locale_id=locale, follows_id=followed[key])
        for key, locale in translations.values_list("translation_key", "locale")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0023_footer_of_each_language"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Translation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("translation_key", models.UUIDField()),
                ("behind_since", models.DateTimeField(db_index=True, null=True)),
                (
                    "follows",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.locale",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("translation_key", "locale"), name="one_row_a_translation"
                    )
                ],
            },
        ),
        migrations.RunPython(follow, migrations.RunPython.noop),
    ]
