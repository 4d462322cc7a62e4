import textwrap

from django.core.management.base import BaseCommand, CommandError

from leadwatch.health.problems import problems
from leadwatch.health.server import mail_problems, server_problems


class Command(BaseCommand):
    help = "Says what is wrong with the site and its server, and what to do about it."
    # It reports failed checks like everything else.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--mail", action="store_true", help="Also connect to the mail server.")

    def handle(self, *, mail, **options):
        found = [*problems(), *server_problems(), *(mail_problems() if mail else ())]
        for problem in found:
            self.stdout.write(f"{problem.words}")
            if problem.advice:
                self.stdout.write(textwrap.indent(textwrap.fill(f"{problem.advice}", 96), "    "))
        if found:
            count = "1 problem was" if len(found) == 1 else f"{len(found)} problems were"
            raise CommandError(f"{count} found.")
        self.stdout.write("No problem was found.")
        if not mail:
            self.stdout.write("The mail server was not tried. With --mail, it is.")
