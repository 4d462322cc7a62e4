from django.core.management.base import BaseCommand

from home.mail.outbox import send_due


class Command(BaseCommand):
    help = "Sends queued mails. A mail that fails is tried again for three days."

    def handle(self, *, verbosity, **options):
        sent, failed = send_due()
        if verbosity:
            self.stdout.write(f"{sent} sent, {failed} failed.")
