from django.core.management.base import BaseCommand

from home.models import FileText, SiteDocument


class Command(BaseCommand):
    help = "Reads the files of the library that were not read yet, or could not be, for the search."

    def handle(self, *, verbosity, **options):
        # What an older library could not read a newer one may.
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
