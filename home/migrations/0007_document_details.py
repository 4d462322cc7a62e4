from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0006_message_states"),
    ]

    operations = [
        migrations.AddField(
            model_name="sitedocument",
            name="details",
            field=models.CharField(blank=True, choices=[('', 'Nobody has checked whether this file says who made it.'), ('none', 'What this file said about who made it, when and with what was removed.'), ('wished', 'Kept byte for byte, as requested, with what it says about who made it.'), ('signed', 'Kept byte for byte, because it is signed, with what it says about who made it.'), ('locked', 'Kept as it is, because it is locked, with what it says about who made it.'), ('stuck', 'Kept as it is, because it could not be rewritten. If it says who made it and must not, save it as a PDF again and replace it.')], default='', editable=False, max_length=6, verbose_name='details'),
        ),
    ]
