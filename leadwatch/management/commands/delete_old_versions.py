from django.core.management.base import BaseCommand

from leadwatch.models import ContentVersion


class Command(BaseCommand):
    help = "Deletes old content versions, which no cached page has any longer."

    def handle(self, **options):
        ContentVersion.objects.old().delete()
