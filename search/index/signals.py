"""Keeps the index as fresh as the site: what is published, taken back, moved or deleted is so at once."""

from django.db.models.signals import post_delete, post_save, pre_delete
from modelsearch.index import get_indexed_models
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Site
from wagtail.signals import post_page_move

from home.models import DocumentPage, FiguresPage, GlossaryPage, PartnerPage, SiteDocument
from search.index import entries
from timeline.models import EventCategory, EventPage

# What Wagtail writes to a page when a draft of it is saved; nothing that is in the index.
DRAFT_FIELDS = {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"}


def of_content(receiver):
    """The receiver, but for what changes nothing that visitors see: a draft, or a fixture that is loaded."""

    def unless_draft(sender, instance, raw=False, update_fields=None, **kwargs):
        if raw or (update_fields and set(update_fields) <= DRAFT_FIELDS):
            return
        if update_fields:
            # The other fields of the instance may be those of a draft.
            instance = sender._default_manager.get(pk=instance.pk)
        receiver(sender, instance)

    return unless_draft


@of_content
def on_save(sender, instance):
    """Signal receiver: put what was saved into the index."""
    instance = instance.get_indexed_instance()
    if instance is None:
        return
    entries.add(type(instance), [instance])
    if isinstance(instance, FiguresPage | GlossaryPage):
        entries.refresh_places()


def on_delete(sender, instance, **kwargs):
    """Signal receiver: take what was deleted out of the index."""
    entries.remove(sender, [instance.pk])
    if isinstance(instance, FiguresPage | GlossaryPage):
        entries.refresh_places()


def on_move(sender, instance, **kwargs):
    """Signal receiver: pages may have moved below a restriction, or from under one."""
    entries.refresh_places()


@of_content
def on_restriction(sender, instance):
    """Signal receiver: pages became private, or public."""
    entries.refresh_places()


@of_content
def on_site(sender, instance):
    """Signal receiver: other pages may be the site now."""
    entries.refresh_places()


@of_content
def on_category(sender, instance):
    """Signal receiver: events are found by the name of their category."""
    entries.add(EventPage, EventPage.get_indexed_objects().filter(category=instance))


@of_content
def on_partner(sender, instance):
    """Signal receiver: events are found by the names of the partners that everybody may see."""
    entries.add(EventPage, EventPage.get_indexed_objects().filter(partners=instance.pk))


def on_partner_deletion(sender, instance, **kwargs):
    """Signal receiver: events are not found by a partner that is no more."""
    events = list(EventPage.objects.filter(partners=instance.pk).values_list("pk", flat=True))
    for event in EventPage.get_indexed_objects().filter(pk__in=events):
        event.partners.remove(instance)
        entries.add(EventPage, [event])


@of_content
def on_file(sender, instance):
    """Signal receiver: the text of a file was read, or the file went to another collection."""
    entries.add(DocumentPage, DocumentPage.get_indexed_objects().filter(file=instance.pk))


@of_content
def on_collection(sender, instance):
    """Signal receiver: a collection became private, or public."""
    below = Collection.objects.get(pk=instance.collection_id).get_descendants(inclusive=True)
    entries.add(DocumentPage, DocumentPage.get_indexed_objects().filter(file__collection__in=below))


def follow_content():
    """Connect to the changes of all that is in the index."""
    for model in get_indexed_models():
        post_save.connect(on_save, sender=model, dispatch_uid=f"search.{model._meta.label}")
        post_delete.connect(on_delete, sender=model, dispatch_uid=f"search.{model._meta.label}")
    for receiver, model in (
        (on_restriction, PageViewRestriction),
        (on_collection, CollectionViewRestriction),
        (on_site, Site),
    ):
        post_save.connect(receiver, sender=model)
        post_delete.connect(receiver, sender=model)
    post_save.connect(on_category, sender=EventCategory)
    post_save.connect(on_partner, sender=PartnerPage)
    pre_delete.connect(on_partner_deletion, sender=PartnerPage)
    post_save.connect(on_file, sender=SiteDocument)
    post_save.connect(on_file, sender="home.FileText")
    post_page_move.connect(on_move)
