from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("home", "0025_names_of_groups")]

    operations = [
        migrations.AddField(
            model_name="translation",
            name="machine",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
    ]
