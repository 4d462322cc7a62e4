import sys

from django.core.management.base import BaseCommand, CommandError

from timeline.exchange.exports import FORMATS, Export
from timeline.management.timelines import timeline_at
from timeline.models import EventPage


class Command(BaseCommand):
    help = "Writes the events of a timeline to a file, or to standard output."

    def add_arguments(self, parser):
        parser.add_argument("timeline", help="path of the timeline, such as /timeline/")
        parser.add_argument("--format", choices=FORMATS, default="json")
        parser.add_argument("--output", help="file to write; standard output without it")
        parser.add_argument(
            "--drafts", action="store_true", help="include drafts, and export the latest draft of each event"
        )

    def handle(self, timeline, format, output, drafts, **options):
        timeline = timeline_at(timeline)
        events = EventPage.objects.on_timeline(timeline) if drafts else timeline.events
        _content_type, write = FORMATS[format]
        try:
            file = open(output, "wb") if output else sys.stdout.buffer  # noqa: SIM115
        except OSError as error:
            raise CommandError(str(error)) from error
        for piece in write(Export(timeline, events.in_time_order(), drafts)):
            file.write(piece if isinstance(piece, bytes) else piece.encode())
        if output:
            file.close()
