from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0031_kept_copies'),
        ('leadwatch', '0002_permissions_of_groups'),
    ]

    # Groups of existing sites get what is new in leadwatch/groups.py, once. See `bring_permissions`.
    brings_permissions = True
    operations = []
