from django.core.management.base import BaseCommand

from home.models import SiteImage


class Command(BaseCommand):
    help = "Takes images whose consent has ended out of cached pages and the search index."

    def handle(self, *, verbosity, **options):
        images = SiteImage.objects.to_leave_out()
        count = 0
        for image in images:
            image.save(update_fields=["is_left_out"])
            count += 1
        if verbosity:
            self.stdout.write(f"{count} taken out.")
