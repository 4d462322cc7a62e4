import logging

from django.core.management.base import BaseCommand

from leadwatch.health import certificate
from leadwatch.health.problems import is_public

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Finds out when the certificate of the site's own address ends."

    def handle(self, *, verbosity, **options):
        if not is_public():
            return
        try:
            end = certificate.ask()
        except OSError as error:
            # Some networks don't let a machine reach its own public address.
            logger.warning("The site's certificate could not be read: %s", error)
        else:
            if verbosity:
                self.stdout.write(f"The site's certificate ends on {end:%B %d, %Y}.")
