from django.core.management.base import BaseCommand

from home.models import FileText, SiteDocument


class Command(BaseCommand):
    help = "Reads the text of files for the search, unless it was read before."

    def handle(self, *, verbosity, **options):
        # Retry unreadable files, since a newer library may read them.
        final = FileText.objects.exclude(state=FileText.State.UNREADABLE)
        read = failed = 0
        for document in SiteDocument.objects.exclude(file=""):
            if final.is_read(document):
                continue
            text = FileText.objects.read(document)
            if text and text.is_readable:
                read += 1
            else:
                failed += 1
        if verbosity:
            self.stdout.write(f"{read} read, {failed} could not be read.")
