"""Count searches that found nothing, without making the visitor wait."""

import logging
import queue
import threading
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from search.models import MissedSearch

__all__ = ["note"]

logger = logging.getLogger(__name__)

# Searches that wait in memory to be counted. Beyond that, they are not counted.
MOST_WAITING = 100


@dataclass
class Counter:
    """A thread that counts searches one by one, so that nobody else waits for the database's lock."""

    waiting: queue.Queue = field(default_factory=lambda: queue.Queue(MOST_WAITING))
    thread: threading.Thread | None = None

    def add(self, query):
        """Queue a search to be counted."""
        try:
            self.waiting.put_nowait(query)
            # A thread that was started before this process was forked is not alive in it.
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.count, name="missed searches", daemon=True)
                self.thread.start()
        except (queue.Full, RuntimeError) as error:
            logger.warning("A search without a result was not counted: %s", type(error).__name__)

    def count(self):
        """Count queued searches, forever."""
        while True:
            query = self.waiting.get()
            try:
                MissedSearch.objects.note(query)
            except Exception as error:
                # The message may quote the words.
                logger.error("A search without a result was not counted: %s", type(error).__name__)
            finally:
                connection.close()
                self.waiting.task_done()


counter = Counter()


def note(query):
    """
    Count that a search found nothing. It neither fails nor waits; a process that ends forgets what it has not
    counted yet.

    :param query: the Query.
    """
    if settings.COUNT_IN_BACKGROUND:
        counter.add(query)
    else:
        MissedSearch.objects.note(query)
