"""Update the index as soon as content is published, unpublished, moved or deleted."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from modelsearch.index import get_indexed_models
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site
from wagtail.signals import post_page_move

from home.models import DocumentPage, FiguresPage, FileText, GlossaryPage, PartnerPage, SiteDocument
from search.index import entries
from timeline.models import EventCategory, EventPage

# The fields that Wagtail updates when a draft is saved. The index doesn't depend on them.
DRAFT_FIELDS = {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"}

# The primary keys of objects, by model, that wait for the end of `adding_once`.
_waiting: ContextVar[dict[Any, set[int]] | None] = ContextVar("waiting", default=None)


def ignore_drafts(receiver: Callable) -> Callable:
    """Decorate a signal receiver, so that it isn't called for drafts and fixtures."""

    def unless_draft(
        sender: Any, instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any
    ) -> None:
        if raw or (update_fields and set(update_fields) <= DRAFT_FIELDS):
            return
        if update_fields:
            # The other fields of the instance may have the values of a draft.
            instance = sender._default_manager.get(pk=instance.pk)
        receiver(sender, instance)

    return unless_draft


@ignore_drafts
def on_save(sender: Any, instance: Any) -> None:
    """Signal receiver: add the saved object to the index."""
    instance = instance.get_indexed_instance()
    if instance is None:
        return
    _add(type(instance), [instance])
    if isinstance(instance, FiguresPage | GlossaryPage):
        entries.refresh_places()


def on_delete(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Signal receiver: remove the deleted object from the index."""
    entries.remove(sender, [instance.pk])
    if isinstance(instance, FiguresPage | GlossaryPage):
        entries.refresh_places()


@ignore_drafts
def on_places(sender: Any, instance: Any) -> None:
    """Signal receiver: pages moved, restrictions changed, or the site has another root page."""
    entries.refresh_places()


@ignore_drafts
def on_category(sender: Any, instance: Any) -> None:
    """Signal receiver: events are found by the name of their category."""
    _add(EventPage, EventPage.get_indexed_objects().filter(category=instance))


@ignore_drafts
def on_partner(sender: Any, instance: Any) -> None:
    """Signal receiver: events are found by the names of their public partners."""
    _add(EventPage, EventPage.get_indexed_objects().filter(partners=instance.pk))


def on_partner_deletion(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Signal receiver: events are no longer found by the name of a deleted partner."""
    events = list(EventPage.objects.filter(partners=instance.pk).values_list("pk", flat=True))
    for event in EventPage.get_indexed_objects().filter(pk__in=events):
        event.partners.remove(instance)
        _add(EventPage, [event])


@ignore_drafts
def on_file(sender: Any, instance: Any) -> None:
    """Signal receiver: the text of a file was read, or the file moved to another collection."""
    _add(DocumentPage, DocumentPage.get_indexed_objects().filter(file=instance.pk))


@ignore_drafts
def on_collection(sender: Any, instance: Any) -> None:
    """Signal receiver: a collection has become private or public."""
    below = Collection.objects.get(pk=instance.collection_id).get_descendants(inclusive=True)
    _add(DocumentPage, DocumentPage.get_indexed_objects().filter(file__collection__in=below))


@contextmanager
def adding_once() -> Iterator[None]:
    """Add what is saved within this block to the index when it ends, however often it is saved."""
    waiting: dict[Any, set[int]] = defaultdict(set)
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for model, pks in waiting.items():
        entries.add(model, model.get_indexed_objects().filter(pk__in=pks))


def _add(model: Any, instances: Iterable[Any]) -> None:
    """Add objects to the index, now or at the end of `adding_once`."""
    waiting = _waiting.get()
    if waiting is None:
        entries.add(model, instances)
    else:
        waiting[model].update(instance.pk for instance in instances)


def follow_content() -> None:
    """Connect the receivers."""
    for model in get_indexed_models():
        post_save.connect(on_save, sender=model, dispatch_uid=f"search.{model._meta.label}")
        post_delete.connect(on_delete, sender=model, dispatch_uid=f"search.{model._meta.label}")
    for receiver, model in (
        (on_places, PageViewRestriction),
        (on_collection, CollectionViewRestriction),
        (on_places, Site),
    ):
        post_save.connect(receiver, sender=model)
        post_delete.connect(receiver, sender=model)
    post_save.connect(on_category, sender=EventCategory)
    post_save.connect(on_partner, sender=PartnerPage)
    pre_delete.connect(on_partner_deletion, sender=PartnerPage)
    post_save.connect(on_file, sender=SiteDocument)
    post_save.connect(on_file, sender=FileText)
    post_page_move.connect(on_places)
