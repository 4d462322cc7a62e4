"""Obstacles to the publication of a translation, and other problems, besides those of every page."""

from dataclasses import replace

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.rich_text import RichText

from home.content_checks.problem import Problem


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


def in_words_of_original(page, original):
    """Yield a hint for the summary, and for each text block, that still says what the original says."""
    if page.summary and page.summary == original.summary:
        yield Problem(_("The summary is still in the words of the original."), "summary", is_hint=True)
    texts = texts_of(original)
    if count := sum(text in texts for text in texts_of(page)):
        words = ngettext(
            "%(count)s block of text is still in the words of the original.",
            "%(count)s blocks of text are still in the words of the original.",
            count,
        )
        yield Problem(words % {"count": count}, "body", is_hint=True)


def texts_of(page):
    """Return the words of the blocks of text of a page."""
    blocks = getattr(page, "body", ())
    return [strip_tags(block.value.source) for block in blocks if isinstance(block.value, RichText)]
