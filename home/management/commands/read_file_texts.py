from django.core.management.base import BaseCommand

from home.files.contents import scans
from home.models import FileText, SiteDocument
from home.tasks import read_scan


class Command(BaseCommand):
    help = "Reads the text of files for the search, unless it was read before."

    def handle(self, *, verbosity, **options):
        # Retry unreadable files, since a newer library may read them, and scans once tesseract is installed.
        again = {FileText.State.UNREADABLE}
        if scans.program():
            again.add(FileText.State.EMPTY)
        final = FileText.objects.exclude(state__in=again)
        read = failed = 0
        for document in SiteDocument.objects.exclude(file=""):
            if final.is_read(document):
                continue
            text = FileText.objects.read(document)
            if text and text.is_scan:
                read_scan.enqueue(document.pk)
            if text and text.is_readable:
                read += 1
            else:
                failed += 1
        if verbosity:
            self.stdout.write(f"{read} read, {failed} could not be read.")
