"""Drafts that a machine translates, and that nobody publishes before a person has read them."""

import logging

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log
from wagtail.models import Page

from home.content_checks.obstacles import Obstacle
from home.translating import deepl
from home.translating.following import row_of
from home.translating.models import Machine, Translation
from home.translating.originals import is_original, original_of
from home.translating.texts import replace, texts_of

logger = logging.getLogger(__name__)

TRANSLATED, READ = "home.translation.machine", "home.translation.read"


def may_be_sent(original):
    """Return whether a published page or snippet may be sent to the service: only what everybody may read."""
    if not settings.DEEPL_API_KEY:
        return False
    return not (isinstance(original, Page) and original.get_view_restrictions().exists())


def ask_for(translation, original, user=None):
    """Have a draft translated by the worker, soon. What visitors see already is left to people."""
    if translation.live or not may_be_sent(original):
        return
    row = row_of(translation)
    row.machine = Machine.WAITING
    row.save()
    translate.enqueue(translation._meta.label_lower, translation.pk, user and user.pk)


@task
def translate(label, pk, user=None):
    """Translate the words of a draft that are still those of its original. Take keys, and a model's label."""
    model = apps.get_model(label)
    translation = model._default_manager.filter(pk=pk).first()
    original = translation and original_of(translation)
    if not (original and may_be_sent(original) and waiting(translation)):
        return
    try:
        words = deepl.translate(texts_of(original), translation.locale.language_code)
        state = Machine.UNREAD
    except deepl.Failure as failure:
        logger.warning("The service that translates did not do so: %s", failure)
        words, state = {}, failure.state
    with transaction.atomic():
        # It has taken its time: take what is there now.
        draft = model._default_manager.get(pk=pk).get_latest_revision_as_object()
        if draft.live or not (row := waiting(draft)):
            return
        if words:
            replace(draft, words)
            person = get_user_model().objects.filter(pk=user).first()
            draft.save_revision(user=person, clean=False)
            log(instance=draft, action=TRANSLATED, user=person)
        row.machine = state
        row.save(update_fields=["machine"])


def waiting(translation):
    return Translation.objects.of(translation).filter(machine=Machine.WAITING).first()


def is_unread(thing):
    """Return whether a machine translated a page or snippet, and nobody has said that it was read."""
    if thing.pk is None or getattr(thing, "is_read_now", False) or is_original(thing):
        return False
    return Translation.objects.of(thing).filter(machine=Machine.UNREAD).exists()


def any_unread(pages):
    """Return whether one of the pages in a queryset, all in one language, is unread."""
    keys = pages.values("translation_key")
    rows = Translation.objects.filter(machine=Machine.UNREAD, translation_key__in=keys)
    return rows.filter(locale__in=pages.values("locale")).exists()


def note_as_read(translation, user=None):
    Translation.objects.of(translation).update(machine=Machine.NONE)
    log(instance=translation, action=READ, user=user)


def unread(thing):
    """Yield what keeps a machine's translation from being published."""
    if is_unread(thing):
        words = _("“%(title)s” was translated by a machine. Open it, read it, and say there that you have.")
        yield Obstacle(_("Say that you have read it."), "machine_read", refusal=words % {"title": thing})
