"""Pages that are due are published or unpublished once, even if two processes run the command."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageLogEntry

from home.content_checks.obstacles import NotPublishable
from tests.support import factories
from tests.support.copies import copy_database
from tests.support.two_runners import PAGES, ROUNDS
from timeline.models import EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

PAST = timedelta(minutes=5)


@pytest.fixture(scope="module")
def race(tmp_path_factory, django_db_setup, django_db_blocker):
    """Return what two processes did to pages that were due, in a database of their own."""
    with django_db_blocker.unblock():
        environment = copy_database(tmp_path_factory.mktemp("race"))
    command = [sys.executable, "-m", "tests.support.two_runners"]
    environment |= {"DJANGO_SETTINGS_MODULE": "leadwatch.settings.dev"}
    run = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("signal", "action"),
    [("published", "wagtail.publish.scheduled"), ("unpublished", "wagtail.unpublish.scheduled")],
)
def test_two_processes_publish_and_unpublish_each_page_once(race, signal, action):
    told = [page for name, page in race["signals"] if name == signal]
    logged = [page for name, page in race["logs"] if name == action]
    assert len(told) == len(set(told)) == ROUNDS * PAGES
    assert sorted(logged) == sorted(told)
    assert race["live"] == 1 + ROUNDS * PAGES


def test_two_processes_send_each_mail_once(race):
    mailed = [pk for name, pk in race["signals"] if name == "mailed"]
    assert len(mailed) == len(set(mailed)) == ROUNDS * PAGES


def scheduled(**fields):
    event = factories.make_event(live=False, **fields)
    event.save_revision(approved_go_live_at=timezone.now() - PAST)
    return event


def test_a_page_that_cannot_be_published_does_not_stop_others_and_is_not_retried():
    bad, good = scheduled(sources=[]), scheduled()
    with pytest.raises(ExceptionGroup) as caught:
        call_command("publish_scheduled")
    assert [type(each) for each in caught.value.exceptions] == [NotPublishable]
    assert list(EventPage.objects.live()) == [good]
    call_command("publish_scheduled")
    assert not bad.revisions.exclude(approved_go_live_at=None).exists()


def test_the_next_process_finishes_the_work_of_a_killed_one(monkeypatch):
    events = [scheduled(), scheduled()]
    publish = EventPage.publish

    def die(self, *args, **kwargs):
        publish(self, *args, **kwargs)
        if self.pk == events[1].pk:
            raise SystemExit

    monkeypatch.setattr(EventPage, "publish", die)
    with pytest.raises(SystemExit):
        call_command("publish_scheduled")
    assert list(EventPage.objects.live()) == events[:1]
    monkeypatch.setattr(EventPage, "publish", publish)
    call_command("publish_scheduled")
    assert set(EventPage.objects.live()) == set(events)
    actions = PageLogEntry.objects.filter(action="wagtail.publish.scheduled")
    assert sorted(actions.values_list("page_id", flat=True)) == sorted(event.pk for event in events)


def test_a_dry_run_changes_nothing(capsys):
    event = scheduled(title="Due")
    call_command("publish_scheduled", dryrun=True)
    assert "Due" in capsys.readouterr().out
    event.refresh_from_db()
    assert not event.live
