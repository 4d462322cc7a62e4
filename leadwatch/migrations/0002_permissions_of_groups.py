from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('leadwatch', '0001_content_version'),
    ]

    # Groups of existing sites get what is new in leadwatch/groups.py, once. See `bring_permissions`.
    brings_permissions = True
    operations = []
