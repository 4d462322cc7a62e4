from django.conf import settings
from django.core.management.base import BaseCommand

from home.external_links.looks import look_at_some


class Command(BaseCommand):
    help = "Looks whether some of the links to other sites still lead anywhere, if CHECK_LINKS is set."

    def handle(self, *, verbosity, **options):
        if settings.CHECK_LINKS:
            words = f"Links looked at: {look_at_some()}."
        else:
            words = "No link is looked at, since CHECK_LINKS is not set."
        if verbosity:
            self.stdout.write(words)
