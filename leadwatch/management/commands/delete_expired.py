from django.core.management.base import BaseCommand

from home.accounts.log import old_sign_ins
from home.models import Trace, TryCounter
from leadwatch.models import ContentVersion
from search.models import MissedSearch


class Command(BaseCommand):
    help = (
        "Deletes traces of the contact form and counters of tries that have expired, sign-ins and searches "
        "without a result after 90 days, and versions of the content that no cached page has any longer."
    )

    def handle(self, **options):
        for expired in (
            Trace.objects.expired(),
            TryCounter.objects.expired(),
            old_sign_ins(),
            MissedSearch.objects.too_old(),
            ContentVersion.objects.old(),
        ):
            expired.delete()
