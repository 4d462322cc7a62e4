from django.core.management.base import BaseCommand

from home.models import ContactMessage


class Command(BaseCommand):
    help = "Deletes messages that are older than their contact page promises."

    def handle(self, *, verbosity, **options):
        count, _per_model = ContactMessage.objects.overdue().delete()
        if verbosity:
            self.stdout.write(f"{count} deleted.")
