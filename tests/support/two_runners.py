"""
Run two processes at once that publish scheduled pages and send mail: `python -m tests.support.two_runners`.

Prints the signals, mails, log entries and number of live events as JSON.
"""

import json
import os
from datetime import timedelta
from multiprocessing import get_context

import django

RUNNERS, ROUNDS, PAGES = 2, 3, int(os.environ.get("DUE", 4))


def main():
    from django.core.mail import EmailMessage
    from django.db import connections
    from django.utils import timezone
    from wagtail.models import PageLogEntry

    from home.mail.outbox import queue
    from tests.support import factories
    from timeline.models import EventPage

    past = timezone.now() - timedelta(minutes=5)
    processes = get_context("fork")
    barrier, told = processes.Barrier(RUNNERS), processes.SimpleQueue()
    factories.make_event()
    for _round in range(ROUNDS):
        for _page in range(PAGES):
            factories.make_event(live=False).save_revision(approved_go_live_at=past)
            over = factories.make_event()
            over.expire_at = past
            over.save()
            queue([EmailMessage("Subject", "Words", to=["editor@example.org"])])
        # Processes must not share a connection.
        connections.close_all()
        runners = [processes.Process(target=run, args=[barrier, told]) for _runner in range(RUNNERS)]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
            assert runner.exitcode == 0
    signals = []
    while not told.empty():
        signals.append(told.get())
    logs = PageLogEntry.objects.filter(action__endswith=".scheduled").values_list("action", "page_id")
    live = EventPage.objects.live().count()
    print(json.dumps({"signals": signals, "logs": list(logs), "live": live}))


def run(barrier, told):
    from django.core.management import call_command
    from django.db import connections
    from wagtail.signals import page_published, page_unpublished

    from home.mail import outbox

    page_published.connect(lambda instance, **_: told.put(["published", instance.pk]), weak=False)
    page_unpublished.connect(lambda instance, **_: told.put(["unpublished", instance.pk]), weak=False)
    outbox.deliver = lambda mail: told.put(["mailed", mail.pk])
    barrier.wait()
    call_command("publish_scheduled")
    call_command("send_mail", verbosity=0)
    connections.close_all()


if __name__ == "__main__":
    django.setup()
    main()
