from typing import Any

from django.core.management.base import BaseCommand

from search.models import MissedSearch


class Command(BaseCommand):
    help = "Deletes counts of searches without a result after 90 days."

    def handle(self, **options: Any) -> None:
        MissedSearch.objects.too_old().delete()
