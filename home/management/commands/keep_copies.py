from django.conf import settings
from django.core.management.base import BaseCommand

from home.copies.storage import CopiesStorage
from home.models import ExternalLink, KeptCopy
from home.tasks import keep_copy


class Command(BaseCommand):
    help = "Keeps a copy of a source that has none yet, if KEEP_COPIES is set. The task worker fetches it."

    def handle(self, *, verbosity, **options):
        if not settings.KEEP_COPIES:
            message = "No copy was made, because KEEP_COPIES is not set."
        elif not CopiesStorage().has_room():
            message = "No copy was made, because the disk is nearly full."
        else:
            message = f"Copies asked for: {ask_for_next()}."
        if verbosity:
            self.stdout.write(message)


def ask_for_next():
    """
    Ask for the copy of one source, and return how many were asked for. Other sites get no two at once.

    What failed once is left to editors: most of it would fail again.
    """
    if KeptCopy.objects.under_way().exists():
        return 0
    link = ExternalLink.objects.without_copy().first()
    copy = link and KeptCopy.objects.ask_for(link.url)
    if not copy:
        return 0
    keep_copy.enqueue(copy.pk)
    return 1
