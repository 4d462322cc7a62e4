from django.core.management.base import BaseCommand
from django.db.models import Q

from home.models import FileText, SiteDocument
from home.tasks import read_scan


class Command(BaseCommand):
    help = "Reads the text of files for the search, unless it was read before."

    def handle(self, *, verbosity, **options):
        # Retry unreadable files, since a newer library may read them. Earlier versions stored no empty pages.
        State = FileText.State
        final = FileText.objects.exclude(Q(state=State.UNREADABLE) | Q(state=State.EMPTY, pages=[]))
        read = failed = 0
        for document in SiteDocument.objects.exclude(file=""):
            if final.is_read(document):
                continue
            text = FileText.objects.read(document)
            if text and text.is_readable:
                read += 1
            else:
                failed += 1
        # Scans are read once tesseract is installed.
        for text in FileText.objects.iterator():
            if text.scans:
                read_scan.enqueue(text.pk, len(text.scanned))
        if verbosity:
            self.stdout.write(f"{read} read, {failed} could not be read.")
