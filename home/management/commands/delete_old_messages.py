from django.core.management.base import BaseCommand

from home.models import ContactMessage, InboxKey
from home.sealing.erasing import erase_for_good


class Command(BaseCommand):
    help = "Deletes messages that are older than their contact page promises."

    def handle(self, *, verbosity, **options):
        overdue = ContactMessage.objects.overdue()
        count = overdue.count()
        overdue.delete()
        if key := InboxKey.objects.current():
            # A message that came at the moment when the key was made may still be plain.
            ContactMessage.objects.seal_plain(key)
            InboxKey.objects.delete_unused()
        erase_for_good()
        if verbosity:
            self.stdout.write(f"{count} deleted.")
