from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from home.accounts.rights import grants
from home.models import HomePage
from leadwatch.groups import PAGES, set_up_groups


class Command(BaseCommand):
    help = (
        "Gives Contributors, Editors and Moderators the same permissions as on a new site, and lists the "
        "changes. Revokes their other permissions, but leaves other groups alone."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only list the changes.")

    def handle(self, *, dry_run, **options):
        homes = HomePage.objects.all()
        if not homes:
            raise CommandError("There is no home page yet. load_starter_content creates one, and the groups.")
        with transaction.atomic():
            before = self.grants()
            set_up_groups(*homes)
            after = self.grants()
            transaction.set_rollback(dry_run)
        for name in PAGES:
            gained, lost = after[name] - before[name], before[name] - after[name]
            lines = [*(f"  + {line}" for line in sorted(gained)), *(f"  - {line}" for line in sorted(lost))]
            self.stdout.write("\n".join([f"{name}:" if lines else f"{name}: as before.", *lines]))
        if dry_run:
            self.stdout.write("Nothing was changed.")

    def grants(self):
        groups = {group.name: group for group in Group.objects.filter(name__in=PAGES)}
        return {name: grants(groups[name]) if name in groups else set() for name in PAGES}
