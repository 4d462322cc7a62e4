import logging

from django.core.management.base import BaseCommand
from wagtail.models import Page

from leadwatch.starter_content.loader import load_starter_content
from leadwatch.starter_content.translations import add_later


class Command(BaseCommand):
    help = (
        "Fills a new site with pages about New Haven's LEAD program. Creates nothing if the site has, or "
        "once had, a home page. In either case, the default site follows BASE_URL, and the worker adds the "
        "translations of these pages that are missing."
    )

    def handle(self, *, verbosity, **options):
        # Wagtail would log every page.
        logging.disable(logging.INFO)
        try:
            created = load_starter_content()
        finally:
            logging.disable(logging.NOTSET)
        add_later()
        if not verbosity:
            return
        if created:
            counts = ", ".join(f"{count} {name}" for name, count in created.items())
            self.stdout.write(f"Starter content: created {counts}.")
        else:
            count = Page.objects.filter(depth__gt=1).count()
            self.stdout.write(f"Starter content: created nothing, left {count} pages alone.")
