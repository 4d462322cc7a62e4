from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from timeline.exchange.imports.applying import carry_out
from timeline.exchange.imports.plan import Action, Unsure
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import UnreadableFile, read_file
from timeline.exchange.references.downloads import Downloads
from timeline.management.timelines import timeline_at
from timeline.models import EventImport


class Command(BaseCommand):
    help = "Imports events from JSON or CSV of TimelineJS, or from JSON, CSV or XLSX exported from here."

    def add_arguments(self, parser):
        parser.add_argument("timeline", help="path of the timeline, such as /timeline/")
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="publish the events that have a source")
        parser.add_argument("--pictures", action="store_true", help="download images and files")
        parser.add_argument(
            "--unsure",
            choices=Unsure.values,
            default=Unsure.LEAVE.value,
            help="what to do with rows that may or may not be an existing event",
        )
        parser.add_argument("--dry-run", action="store_true", help="only print what would happen")

    def handle(self, timeline, file, publish, pictures, unsure, dry_run, **options):
        timeline = timeline_at(timeline)
        try:
            content = read_file(file.read_bytes())
        except (OSError, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        downloads = Downloads() if pictures else None
        plan = make_plan(timeline, content, publish=publish, downloads=downloads, unsure=Unsure(unsure))
        if not dry_run:
            try:
                plan = carry_out(plan, EventImport(timeline=timeline, name=file.name[:255]).finish)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
        self.report(plan, content)

    def report(self, plan, content):
        for note in [*content.notes, *plan.timeline_changes]:
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
