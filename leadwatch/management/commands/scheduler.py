import logging
import time
from contextlib import suppress
from datetime import timedelta
from threading import Thread

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from leadwatch.cdn.purging import Purger
from leadwatch.page_cache.commits import watch
from leadwatch.processes.background import beat, keep_going, log_failure

logger = logging.getLogger(__name__)

AT_ONCE, MINUTE, DAY = timedelta(0), timedelta(minutes=1), timedelta(days=1)
# A daily job that failed is retried after this time.
RETRY = timedelta(minutes=10)

# The jobs: a management command, and the time from one run to the next. `--once` runs all of them.
JOBS = [
    ("publish_scheduled", MINUTE),
    ("withhold_images", MINUTE),
    ("send_message_notices", MINUTE),
    ("send_mail", AT_ONCE),
    ("delete_expired", MINUTE),
    ("delete_old_messages", DAY),
    ("delete_old_uploads", DAY),
    ("make_renditions", DAY),
    ("draw_file_pages", DAY),
    ("clearsessions", DAY),
    ("prune_db_task_results", DAY),
    ("check_certificate", DAY),
    # Last, because other sites may be slow.
    ("check_links", MINUTE),
    ("keep_copies", MINUTE),
]


class Command(BaseCommand):
    help = "Runs scheduled jobs, such as publishing, mail and link checks, until stopped."
    # System checks need the database, which may be unavailable for a moment.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Run each job once and exit; for cron.")

    def handle(self, *, once, **options):
        due, purger = {}, Purger()
        if once:
            do_due(due)
            beat("scheduler")
            if settings.WAGTAILFRONTENDCACHE:
                purger.look()
        else:
            if settings.WAGTAILFRONTENDCACHE:
                # No job may delay it.
                Thread(target=watch, args=[purger.look], daemon=True).start()
            keep_going("scheduler", lambda: do_due(due, pause=5))


def do_due(due, pause=0):
    """Run the jobs that are due according to `due`, in seconds of `time.monotonic` by name, then wait."""
    for name, interval in JOBS:
        begun = time.monotonic()
        if due.get(name, begun) <= begun:
            succeeded = run(name)
            due[name] = begun + (interval if succeeded else min(interval, RETRY)).total_seconds()
    time.sleep(pause)
    return True


def run(name):
    """Run one job, and log a failure. Return whether it succeeded."""
    try:
        call_command(name, verbosity=0)
    except Exception as error:
        log_failure(logger, f"The job {name} failed and will be retried", error)
        return False
    else:
        return True
    finally:
        with suppress(Error):
            close_old_connections()
