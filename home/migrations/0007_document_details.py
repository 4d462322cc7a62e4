from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0006_message_states"),
    ]

    operations = [
        migrations.AddField(
            model_name="sitedocument",
            name="details",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Nobody looked at what this file says of who made it."),
                    ("none", "What this file said of who made it, when and with what was taken out."),
                    ("wished", "Kept byte for byte, as was wished, with what it says of who made it."),
                    ("signed", "Kept byte for byte, because it is signed, with what it says of who made it."),
                    ("locked", "Kept as it is, because it is locked, with what it says of who made it."),
                    (
                        "stuck",
                        "Kept as it is, because it could not be written anew. If it says who made it and must "
                        "not, save it as PDF once more and replace it.",
                    ),
                ],
                default="",
                editable=False,
                max_length=6,
                verbose_name="details",
            ),
        ),
    ]
