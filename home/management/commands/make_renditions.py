from django.core.management.base import BaseCommand
from django.db.models import Prefetch
from django_tasks_db.models import DBTaskResult

from home.models import SiteImage, SiteRendition
from home.models.library.renditions import make_renditions


class Command(BaseCommand):
    help = "Makes the renditions that images lack, for example after an upgrade, with the help of the worker."

    def handle(self, *, verbosity, **options):
        count = 0
        # Otherwise each run would add the same tasks while the worker is busy or stopped.
        if not DBTaskResult.objects.filter(task_path=make_renditions.module_path, finished_at=None).exists():
            renditions = SiteRendition.objects.only("image", "filter_spec", "focal_point_key")
            images = SiteImage.objects.prefetch_related(Prefetch("renditions", renditions))
            for image in images.iterator(chunk_size=500):
                if image.missing_renditions():
                    # After new images, and after other tasks.
                    image.prepare_renditions(priority=-1)
                    count += 1
        if verbosity:
            self.stdout.write(f"{count} images lacked renditions.")
