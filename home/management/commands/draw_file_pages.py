from django.core.management.base import BaseCommand
from django_tasks_db.models import DBTaskResult

from home.models import FilePage, SiteDocument
from home.tasks import draw_file_pages, prepare_pages


class Command(BaseCommand):
    help = "Draws pages of records that are missing, for example after an upgrade, with the worker."

    def add_arguments(self, parser):
        parser.add_argument(
            "--again",
            action="store_true",
            help="draw all pages of those files again of which a page failed, for example on a busy machine",
        )

    def handle(self, *, verbosity, again=False, **options):
        if again:
            failed = FilePage.objects.filter(state=FilePage.State.FAILED)
            # A file that seemed to be locked has one page, so all of its rows are made anew.
            FilePage.objects.filter(document__in=failed.values("document")).delete()
        for document in SiteDocument.objects.filter(sha256="").exclude(file="").iterator():
            try:
                SiteDocument.objects.filter(pk=document.pk).update(sha256=document.compute_sha256())
            except FileNotFoundError:
                continue
        count = 0
        # Otherwise each run would add the same tasks while the worker is busy or stopped.
        queued = DBTaskResult.objects.filter(task_path=draw_file_pages.module_path, finished_at=None)
        if again or not queued.exists():
            for document in SiteDocument.objects.filter(pages__live=True).distinct():
                if FilePage.objects.are_missing(document):
                    prepare_pages(document)
                    count += 1
        if verbosity:
            self.stdout.write(f"{count} files lacked pages.")
