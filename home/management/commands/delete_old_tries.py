from django.core.management.base import BaseCommand

from home.models import TryCounter


class Command(BaseCommand):
    help = "Deletes counters of tries at passwords and codes that have expired."

    def handle(self, *, verbosity, **options):
        count, _per_model = TryCounter.objects.expired().delete()
        if verbosity:
            self.stdout.write(f"{count} deleted.")
