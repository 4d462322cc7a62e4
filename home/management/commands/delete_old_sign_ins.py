from django.core.management.base import BaseCommand

from home.accounts.log import delete_old_sign_ins


class Command(BaseCommand):
    help = "Deletes sign-ins and failed ones from the audit log after 90 days."

    def handle(self, *, verbosity, **options):
        count = delete_old_sign_ins()
        if verbosity:
            self.stdout.write(f"{count} deleted.")
