import time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from home.external_links.link_checks import LinkCheck
from home.models import ExternalLink

# Links in one run, each of another site. The scheduler starts the next run a minute later.
MAX_LINKS = 10
# Seconds after which a run starts no more checks, so that the scheduler's other jobs aren't delayed.
TIME_LIMIT = 30


class Command(BaseCommand):
    help = "Checks some of the links to other sites that are due, if CHECK_LINKS is set."

    def handle(self, *, verbosity, **options):
        if settings.CHECK_LINKS:
            message = f"Checked links: {check_due_links()}."
        else:
            message = "No link was checked, because CHECK_LINKS is not set."
        if verbosity:
            self.stdout.write(message)


def check_due_links():
    """Check some of the links that are due, and return how many."""
    end = time.monotonic() + TIME_LIMIT
    count = 0
    for link in ExternalLink.objects.due(timezone.now(), MAX_LINKS):
        if time.monotonic() > end:
            break
        if link.claim(timezone.now()):
            link.keep(LinkCheck(link.url).run(), timezone.now())
            count += 1
    return count
