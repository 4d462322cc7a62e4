from django.db import migrations, models


def forget_messages_as_uses(apps, schema_editor):
    """Messages no longer count as uses of the contact page, so the lines that say so go."""
    apps.get_model("wagtailcore", "ReferenceIndex").objects.filter(
        content_type__app_label="home", content_type__model="contactmessage"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0005_wording_change"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactmessage",
            name="state",
            field=models.CharField(
                choices=[("unread", "Unread"), ("read", "Read"), ("answered", "Answered")],
                db_index=True,
                default="unread",
                editable=False,
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.RunPython(forget_messages_as_uses, migrations.RunPython.noop, elidable=True),
    ]
