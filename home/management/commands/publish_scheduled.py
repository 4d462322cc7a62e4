from django.apps import apps
from django.db import transaction
from django.utils import timezone
from wagtail.management.commands import publish_scheduled
from wagtail.models import DraftStateMixin, Page, Revision

from home.content_checks.obstacles import NotPublishable


class Command(publish_scheduled.Command):
    """
    As Wagtail's, but each thing goes live, or is taken back, once, though several runners are at work: who
    has its lock looks whether it is still due. What cannot be published keeps none of the others waiting.
    """

    help = "Publishes what is due, and takes back what has expired."

    def handle(self, *, dryrun=False, **options):
        if dryrun:
            super().handle(dryrun=True, **options)
            return
        failures = []
        for due, act in [*((expired(model), take_back) for model in publishable()), (to_publish(), publish)]:
            for pk in due.values_list("pk", flat=True):
                try:
                    do_once(due, pk, act)
                except Exception as error:
                    failures.append(error)
        if failures:
            raise ExceptionGroup("Not everything that was due could be done.", failures)


def publishable():
    """The models that can be scheduled: all pages as one, and each kind of snippet."""
    yield Page
    for model in apps.get_models():
        if issubclass(model, DraftStateMixin) and not issubclass(model, Page):
            yield model


def expired(model):
    return model.objects.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at")


def to_publish():
    return Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at")


def do_once(due, pk, act):
    """Act upon a thing unless it is no longer due, now that nobody else can."""
    refusal = None
    # On SQLite the transaction is the lock, since it begins with that for writing.
    with transaction.atomic():
        if thing := due.select_for_update().filter(pk=pk).first():
            try:
                act(thing)
            except NotPublishable as error:
                # What the refusal has written stands: the schedule is no more.
                refusal = error
    if refusal:
        raise refusal


def take_back(thing):
    thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def publish(revision):
    revision.publish(log_action="wagtail.publish.scheduled")
