from django.core.management.base import BaseCommand

from leadwatch.starter_content.translations import add_translations


class Command(BaseCommand):
    help = (
        "Adds the translations of the starter content that a site lacks, and changes nothing that is there. "
        "The worker does the same a minute after `load_starter_content`."
    )

    def handle(self, *, verbosity, **options):
        count = add_translations.call()
        if verbosity:
            self.stdout.write(f"Translations of the starter content: added {count}.")
