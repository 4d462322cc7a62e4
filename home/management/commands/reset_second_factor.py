from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from home.accounts import second_factor


class Command(BaseCommand):
    help = "Removes the second factor of accounts, for people who lost both the app and the recovery codes."

    def add_arguments(self, parser):
        parser.add_argument("username", nargs="+")

    def handle(self, *, username, **options):
        users = get_user_model().objects.filter(username__in=username)
        if missing := set(username) - {user.username for user in users}:
            raise CommandError(f"No account has this name: {', '.join(sorted(missing))}.")
        for user in users:
            second_factor.remove(user, second_factor.RESET, None)
            self.stdout.write(f"{user.username} signs in with the password alone, or sets up the app again.")
