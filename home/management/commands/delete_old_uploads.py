from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone
from wagtail.models import UploadedFile

# Days to keep the file of a form that was never completed.
KEEP_DAYS = 7


class Command(BaseCommand):
    help = "Deletes images and files that were uploaded, but whose forms were never completed."

    def handle(self, *, verbosity, **options):
        oldest = timezone.now() - timedelta(days=KEEP_DAYS)
        count = 0
        for upload in UploadedFile.objects.all():
            storage = upload.file.storage
            if storage.exists(upload.file.name) and storage.get_modified_time(upload.file.name) > oldest:
                continue
            upload.file.delete(save=False)
            upload.delete()
            count += 1
        if verbosity:
            self.stdout.write(f"{count} deleted.")
