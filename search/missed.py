"""Counts searches that found nothing, without a visitor who waits for it."""

import logging
import queue
import threading
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from search.models import MissedSearch

__all__ = ["note"]

logger = logging.getLogger(__name__)

# Searches that wait to be counted, in the memory of this process; what comes beyond is not counted.
MOST_WAITING = 100


@dataclass
class Counter:
    """A thread that counts one search after the other, so that only it waits for a lock of the database."""

    waiting: queue.Queue = field(default_factory=lambda: queue.Queue(MOST_WAITING))
    thread: threading.Thread | None = None

    def add(self, query):
        """Let a search be counted when it is its turn."""
        try:
            self.waiting.put_nowait(query)
            # A thread that was started before this process was forked is not alive in it.
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.count, name="missed searches", daemon=True)
                self.thread.start()
        except (queue.Full, RuntimeError) as error:
            logger.warning("A search without a result was not counted: %s", type(error).__name__)

    def count(self):
        """Count what waits, forever."""
        while True:
            query = self.waiting.get()
            try:
                MissedSearch.objects.note(query)
            except Exception as error:
                # What the error says may hold the words.
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
