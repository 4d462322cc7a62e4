from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils.crypto import get_random_string


class Command(BaseCommand):
    help = "Creates the first account, if there is none, and prints its password."

    def handle(self, **options):
        User = get_user_model()
        if User.objects.exists():
            return
        password = get_random_string(16, "abcdefghijkmnpqrstuvwxyz23456789")
        User.objects.create_superuser("editor", password=password)
        self.stdout.write(
            f"\n  Sign in at {settings.BASE_URL}{reverse('wagtailadmin_login')}\n"
            f"  as editor, with the password {password}\n"
            "  It is not shown again; `.venv/bin/python manage.py changepassword editor` makes a new one.\n"
            "  It is the account of an administrator. Give each person an account of their own.\n"
        )
