from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from timeline.exchange.imports.planning import Plan, carry_out
from timeline.exchange.imports.reading import UnreadableFile, read_file
from timeline.exchange.imports.rows import Action, Unsure
from timeline.exchange.references.downloads import Downloads
from timeline.management.timelines import timeline_at
from timeline.models import EventImport


class Command(BaseCommand):
    help = "Takes events in from a file: JSON or CSV of TimelineJS, or JSON, CSV or XLSX of our own."

    def add_arguments(self, parser):
        parser.add_argument("timeline", help="path of the timeline, such as /timeline/")
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="publish the events that have a source")
        parser.add_argument("--pictures", action="store_true", help="download pictures and files")
        parser.add_argument(
            "--unsure",
            choices=Unsure.values,
            default=Unsure.LEAVE.value,
            help="what becomes of rows that may be an event that is there, or another one",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, timeline, file, publish, pictures, unsure, dry_run, **options):
        timeline = timeline_at(timeline)
        try:
            found = read_file(file.read_bytes())
        except (OSError, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        downloads = Downloads() if pictures else None
        plan = Plan(timeline, found, publish=publish, downloads=downloads, unsure=Unsure(unsure))
        if not dry_run:
            try:
                plan = carry_out(plan, EventImport(timeline=timeline, name=file.name[:255]).finish)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        self.tell(plan, found)

    def tell(self, plan, found):
        for note in [*found.notes, *plan.timeline_changes]:
            self.stdout.write(note)
        for row in plan.rows:
            if row.action != Action.SAME:
                words = " ".join(
                    filter(None, [row.problem, row.question, ", ".join(row.changes), *row.notes])
                )
                self.stdout.write(f"{row.number} {row.action}: {row.title}. {words}".rstrip())
        for url, problem in (plan.downloads.problems if plan.downloads else {}).items():
            self.stdout.write(f"Not downloaded: {url}. {problem}")
        self.stdout.write(", ".join(f"{action}: {count}" for action, count in plan.counts.items()))
