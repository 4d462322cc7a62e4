"""Count searches that found nothing, without making the visitor wait."""

import logging
import queue
import threading
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from search.models import MissedSearch
from search.text.query import Query

logger = logging.getLogger(__name__)

# Maximum number of searches that wait to be counted. Further ones are not counted.
MAX_WAITING = 100


@dataclass
class CountingThread:
    """A thread that counts searches one by one, so that only it waits for the database's lock."""

    waiting: queue.Queue[Query] = field(default_factory=lambda: queue.Queue(MAX_WAITING))
    thread: threading.Thread | None = None

    def add(self, query: Query) -> None:
        """Queue a search to be counted."""
        try:
            self.waiting.put_nowait(query)
            # A thread that was started before this process was forked is not alive here.
            if self.thread is None or not self.thread.is_alive():
                self.thread = threading.Thread(target=self.count, name="missed searches", daemon=True)
                self.thread.start()
        except (queue.Full, RuntimeError) as error:
            logger.warning("A search without a result was not counted: %s", type(error).__name__)

    def count(self) -> None:
        """Count queued searches, forever."""
        while True:
            query = self.waiting.get()
            try:
                MissedSearch.objects.count_query(query)
            except Exception as error:
                # Don't log the message: it may quote the words.
                logger.error("A search without a result was not counted: %s", type(error).__name__)
            finally:
                connection.close()
                self.waiting.task_done()


counter = CountingThread()


def count_missed(query: Query) -> None:
    """
    Count a search that found nothing.

    It never fails, and in production never waits. Searches still queued when the process ends are lost.
    """
    if settings.COUNT_IN_BACKGROUND:
        counter.add(query)
    else:
        MissedSearch.objects.count_query(query)
