from django.core.management.base import BaseCommand

from leadwatch.models import ContentVersion


class Command(BaseCommand):
    help = "Deletes the versions of the content that no page of the cache has any more."

    def handle(self, **options):
        ContentVersion.objects.old().delete()
