from django.apps import apps
from django.db import transaction
from django.utils import timezone
from wagtail.management.commands import publish_scheduled
from wagtail.models import DraftStateMixin, Page, Revision

from home.content_checks.obstacles import NotPublishable


class Command(publish_scheduled.Command):
    """
    Wagtail's command, but safe to run in several processes at once: each object is locked and published or
    unpublished only once. An object that cannot be published doesn't stop the others.
    """

    help = "Publishes what is due, and unpublishes what has expired."

    def handle(self, *, dryrun=False, **options):
        if dryrun:
            super().handle(dryrun=True, **options)
            return
        failures = []
        for due, act in what_is_due():
            for pk in due.values_list("pk", flat=True):
                try:
                    do_once(due, pk, act)
                except Exception as error:
                    failures.append(error)
        if failures:
            raise ExceptionGroup("Not everything that was due could be done.", failures)


def what_is_due():
    """Yield querysets of what is due, each with the function for it: pages, snippets by type, revisions."""
    now = timezone.now()
    drafts = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    for model in [Page, *(model for model in drafts if not issubclass(model, Page))]:
        yield model.objects.filter(live=True, expire_at__lt=now).order_by("expire_at"), unpublish
    yield Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at"), publish


def do_once(due, pk, act):
    """Lock an object and act on it, unless another process has done so."""
    refusal = None
    # On SQLite the transaction is the lock, since it begins with a write lock.
    with transaction.atomic():
        if thing := due.select_for_update().filter(pk=pk).first():
            try:
                act(thing)
            except NotPublishable as error:
                # Commit first, since the refusal has cleared the schedule.
                refusal = error
    if refusal:
        raise refusal


def unpublish(thing):
    thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def publish(revision):
    revision.publish(log_action="wagtail.publish.scheduled")
