"""Obstacles to the publication of a translation, besides those of every page."""

from dataclasses import replace

from django.utils.translation import gettext as _


def of_translation(obstacle, original):
    """Return an obstacle in words that help if something that the original has is not translated yet."""
    if obstacle.path not in original.shared_fields or not (thing := getattr(original, obstacle.path)):
        return obstacle
    words = _("“%(thing)s” has no published translation yet. Translate it first.") % {"thing": thing}
    return replace(obstacle, words=words, refusal=words)


def is_below_draft_of_home(page):
    """Return whether visitors get to no page in the language, since its home page is a draft."""
    home = page.get_ancestors().filter(depth=2).first()
    return home is not None and not home.live
