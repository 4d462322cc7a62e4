"""Bring translations up to date, as far as a computer can, whenever an original is published."""

import logging

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision

from home.translating.models import Translation
from home.translating.originals import has_changed, is_original, original_of, save, share

logger = logging.getLogger(__name__)

SHARED = "home.translation.share"
# Sent with `original` and `translation` when a translation that was up to date is not any more.
fell_behind = Signal()


class FollowsOriginal:
    """A mixin for pages and snippets: what their form says of the original is noted when they are saved."""

    # The original that a translation says all of, or None.
    up_to_date_with = None

    def save_revision(self, *args, **kwargs):
        if self.up_to_date_with:
            follow(self, self.up_to_date_with)
        return super().save_revision(*args, **kwargs)


def on_copied(sender, source_obj, target_obj, **kwargs):
    """Signal receiver: a new translation follows what visitors see of its original."""
    follow(target_obj, source_obj)


def on_published(sender, instance, **kwargs):
    """Signal receiver: tell and change the translations of an original, or note that one is up to date."""
    if not hasattr(instance, "shared_fields"):
        return
    if is_original(instance):
        for translation in instance.get_translations().exclude(pk=instance.pk):
            if getattr(translation, "alias_of_id", None):
                continue
            # One odd translation keeps neither the original nor the others.
            try:
                with transaction.atomic():
                    is_news = compare(instance, translation)
                    share_again(instance, translation)
            except Exception:
                logger.exception("A translation of %s was not brought up to date", instance.pk)
                continue
            if is_news:
                fell_behind.send_robust(type(instance), original=instance, translation=translation)
    elif original := original_of(instance):
        row = row_of(instance)
        if row.behind_since and not has_changed(row.follows, original):
            row.behind_since = None
            row.save()


def row_of(translation):
    """Return the row of a translation. It is not saved if it is new."""
    found = Translation.objects.of(translation).select_related("follows").first()
    return found or Translation(translation_key=translation.translation_key, locale_id=translation.locale_id)


def follow(translation, original):
    """Note that the draft of a translation says what visitors see of its original now."""
    row = row_of(translation)
    row.follows_id = original.live_revision_id
    row.save()


def compare(original, translation):
    """Note whether a translation is behind its original. Return whether it was not before."""
    row = row_of(translation)
    was_behind, is_behind = row.behind_since, has_changed(row.follows, original)
    if is_behind:
        row.behind_since = was_behind or timezone.now()
    else:
        row.follows_id, row.behind_since = original.live_revision_id, None
    row.save()
    return is_behind and not was_behind


def share_again(original, translation):
    """Give a translation and its drafts what is the same in both languages."""
    if is_changed_by_sharing(original, translation):
        save(translation)
        log(instance=translation, action=SHARED)
    keys = {translation.live_revision_id, translation.latest_revision_id} - {None}
    for revision in Revision.objects.filter(pk__in=keys):
        draft = revision.as_object()
        if is_changed_by_sharing(original, draft):
            Revision.objects.filter(pk=revision.pk).update(content=draft.serializable_data())


def is_changed_by_sharing(original, translation):
    """Give a version of a translation the shared fields. Return whether that changed anything."""
    before = translation.serializable_data()
    share(original, translation)
    return translation.serializable_data() != before
