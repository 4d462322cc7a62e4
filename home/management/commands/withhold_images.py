from django.core.management.base import BaseCommand

from home.models import SiteImage


class Command(BaseCommand):
    help = "Takes images whose consent has ended out of cached pages and the search index."

    def handle(self, *, verbosity, **options):
        images = list(SiteImage.objects.withheld().filter(is_left_out=False))
        for image in images:
            image.save(update_fields=["is_left_out"])
        if verbosity:
            self.stdout.write(f"{len(images)} taken out.")
