import logging
import time
from datetime import timedelta

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections

logger = logging.getLogger(__name__)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

# What is due again and again: the management command, and how long after its last run.
JOBS = [
    ("publish_scheduled", MINUTE),
    ("send_message_notices", MINUTE),
    ("delete_old_messages", DAY),
    ("delete_old_searches", DAY),
    ("delete_old_uploads", DAY),
    ("clearsessions", DAY),
    ("prune_db_task_results", DAY),
    # Last, since other sites may be slow.
    ("check_links", MINUTE),
]


class Command(BaseCommand):
    help = "Does what is due by the clock: publishes, tells of messages, looks at links. Runs until stopped."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do each job once and end; for cron.")

    def handle(self, *, once, **options):
        last_run = {}
        while True:
            for name, interval in JOBS:
                now = time.monotonic()
                if name not in last_run or now - last_run[name] >= interval.total_seconds():
                    last_run[name] = now
                    run(name)
            if once:
                return
            time.sleep(5)


def run(name):
    """Run one job; if it fails, say so in the log and leave the others to their turn."""
    try:
        call_command(name, verbosity=0)
    except Exception:
        logger.exception("The job %s failed; it is tried again when it is due.", name)
    finally:
        close_old_connections()
