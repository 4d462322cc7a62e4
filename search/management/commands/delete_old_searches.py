from django.core.management.base import BaseCommand

from search.models import MissedSearch


class Command(BaseCommand):
    help = "Deletes what is kept of searches that found nothing, after 90 days."

    def handle(self, **options):
        MissedSearch.objects.too_old().delete()
