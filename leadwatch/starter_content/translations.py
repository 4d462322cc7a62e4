"""
Add the starter content in other languages to a site that has it in its own, page by page.

Each page is a transaction of its own, so a run that was interrupted goes on where it was. A translation that
was once added isn't added again: an editor may have deleted it. After a run that ended, nothing is read until
the data files change.
"""

import json
import logging
import re
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django_tasks import task
from wagtail.models import Locale, PageLogEntry, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from concerns.models import ConcernPage
from home.models import ContactPage, DocumentPage, Figure, GlossaryTerm, HomePage, PartnerPage, StandardPage
from home.translating.beginning import begin_page, begin_snippet
from home.translating.obstacles import is_below_draft_of_home
from home.translating.originals import other_locales, share
from leadwatch.starter_content import reading
from leadwatch.starter_content.body import References, make_body
from leadwatch.starter_content.loader import SECTIONS
from leadwatch.starter_content.log import languages_with_all, log_added, log_all_added, originals_logged
from search.index.signals import adding_once
from timeline.models import EventCategory, EventPage

logger = logging.getLogger(__name__)

SINGLE = {"home": HomePage, **SECTIONS, "contact": ContactPage}
# The models of the files, in such an order that what others need comes first.
SNIPPETS = {"categories": EventCategory, "figures": Figure, "glossary": GlossaryTerm}
PAGES = {
    "pages": None,
    "texts": StandardPage,
    "documents": DocumentPage,
    "concerns": ConcernPage,
    "partners": PartnerPage,
    "events": EventPage,
}
# Rows that editors add. Their words are not in the data files.
ROWS = ("corrections", "eras")
QUESTION = ("label", "help_text", "choices")


@task
def add_translations():
    """Add what is missing in each language of the site, and return the number of pages and snippets."""
    default = Locale.get_default()
    return sum(Translator(default, locale).add() for locale in locales_with_files())


def add_later():
    """Let the worker add the translations a minute from now, since they must not delay the first page."""
    # Tests have no worker, and do at once what is queued.
    if add_translations.get_backend().supports_defer and is_any_missing():
        add_translations.using(run_after=timezone.now() + timedelta(minutes=1)).enqueue()


def is_any_missing():
    """Return whether a language lacks a run with these data files that ended. It reads no file as YAML."""
    done = languages_with_all(reading.version())
    return any(locale.language_code not in done for locale in locales_with_files())


def locales_with_files():
    """Return the languages of the site but the first that have data files."""
    return [locale for locale in other_locales() if (reading.FOLDER / locale.language_code).is_dir()]


class Translator:
    """Adds the translations in one language."""

    def __init__(self, default, locale):
        self.default, self.locale = default, locale
        self.content = reading.read()
        self.words, errors = reading.read_translation(locale.language_code)
        self.count = 0
        for error in errors:
            logger.error("Starter content: %s", error)

    def add(self):
        self.originals = self.find_originals()
        self.logged = originals_logged(self.locale.language_code)
        self.each(SNIPPETS, self.add_snippet)
        self.each(PAGES, self.copy)
        # A text may link to any page.
        self.references = {locale: self.references_in(locale) for locale in (self.default, self.locale)}
        self.each(PAGES, self.finish)
        log_all_added(self.locale, reading.version())
        return self.count

    def find_originals(self):
        """Return the objects that were made from the data files, by file and key, and name lost ones."""
        found = {}
        for name, key in self.words:
            if name == "site":
                continue
            model = SNIPPETS.get(name) or PAGES[name] or SINGLE[key]
            slug = self.data_of(name, key).slug
            original = model.objects.filter(locale=self.default, slug=slug).order_by("pk").first()
            if original and not getattr(original, "alias_of_id", None):
                found[name, key] = original
            elif not model.objects.filter(locale=self.locale, slug=self.words[name, key].slug).exists():
                logger.warning("Starter content: %s, %s has another address or is gone: not added", name, key)
        return found

    def data_of(self, name, key):
        if name == "pages":
            return self.content.pages[key]
        return next(item for item in self.content.lists[name] if item.slug == key)

    def references_in(self, locale):
        """Return what texts refer to, in a language if it is there."""
        references = References(self.content.sources, Places())
        for (name, key), original in self.originals.items():
            here = original.get_translation_or_none(locale) or original
            if name == "figures":
                references.figures[key] = here
            elif name in PAGES:
                references.pages[original.url_path.strip("/").partition("/")[2]] = here
        return references

    def each(self, names, work):
        """Do some work on each original in a transaction. Name those with which it fails, and go on."""
        for (name, key), original in self.originals.items():
            kind = ContentType.objects.get_for_model(original).pk
            if name not in names or (kind, str(original.pk)) in self.logged:
                continue
            try:
                # A page is saved several times. Its references and words are found once.
                with transaction.atomic(), disable_reference_index_auto_update(), adding_once():
                    work(name, key, original)
            except Exception:
                logger.exception("Starter content: %s, %s was not added", name, key)

    def add_snippet(self, name, key, original):
        if original.get_translation_or_none(self.locale):
            return
        snippet = begin_snippet(original, self.locale)
        changed = self.set_words(name, key, snippet, original)
        snippet.full_clean()
        self.save(snippet, original, is_current=self.is_current(name, key, original, changed))

    def copy(self, name, key, original):
        """Make a draft of the translation of a page, still without its words, if its parent has one."""
        parent = original.get_parent()
        above = parent if parent.is_root() else parent.get_translation_or_none(self.locale)
        if above is None or above.alias_of_id or original.get_translation_or_none(self.locale):
            return
        begin_page(original, self.locale, user=None)

    def finish(self, name, key, original):
        """Put the words into a draft that `copy` made, and publish it if its original is as it was loaded."""
        page = original.get_translation_or_none(self.locale)
        if page is None or page.live or page.alias_of_id or not is_untouched(page):
            return
        changed = self.set_words(name, key, page, original)
        has_all = share(original, page)
        if isinstance(page, HomePage) and (site := self.words.get(("site", "site"))):
            page.footer_text = site.footer_text
        may_be_seen = has_all and not is_below_draft_of_home(page)
        self.save(page, original, is_current=may_be_seen and self.is_current(name, key, original, changed))

    def save(self, translation, original, is_current):
        # A draft keeps its address only in its row.
        translation.save()
        revision = translation.save_revision(log_action=True)
        if is_current:
            revision.publish()
        ReferenceIndex.create_or_update_for_object(translation)
        log_added(original, self.locale.language_code)
        self.count += 1

    def set_words(self, name, key, translation, original):
        """Set the fields that differ from the original's data. Return their names."""
        data, words = vars(self.data_of(name, key)), vars(self.words[name, key])
        changed = [field for field in words if words[field] != data[field]]
        for field in changed:
            if field == "body":
                body = self.body(name, key, self.words[name, key], self.locale)
                translation.body = with_ids(body, original.body)
            elif field == "questions":
                rows = list(translation.form_fields.all())
                for row, question in zip(rows, words[field], strict=True):
                    for each in QUESTION:
                        setattr(row, each, getattr(question, each))
                translation.form_fields = rows
            else:
                setattr(translation, field, words[field])
        return changed

    def body(self, name, key, data, locale):
        where = f"{locale.language_code}/{name}.yaml, {key}"
        return make_body(data.body, where, self.references[locale], getattr(data, "sources", ()))

    def is_current(self, name, key, original, changed):
        """Return whether an original is published, and has the words that were translated and no others."""
        data = self.data_of(name, key)
        sources = [self.content.sources[each].title for each in getattr(data, "sources", ())]
        return (
            original.live
            and not original.has_unpublished_changes
            and all(self.has_words(name, key, original, field) for field in changed)
            and (not sources or [each.title for each in original.sources.all()] == sources)
            and not any(getattr(original, rows).exists() for rows in ROWS if hasattr(original, rows))
        )

    def has_words(self, name, key, original, field):
        """Return whether a field of an original has the words of the data file."""
        data = self.data_of(name, key)
        if field == "body":
            return in_words(original.body) == in_words(self.body(name, key, data, self.default))
        if field == "questions":
            return words_of(original.form_fields.all()) == words_of(data.questions)
        return field == "slug" or getattr(original, field) == getattr(data, field)


class Places(dict):
    """Pages by path. Those that are gone are replaced by the page above."""

    def __missing__(self, path):
        if not path:
            raise KeyError(path)
        return self[path.rpartition("/")[0]]


def with_ids(body, original):
    """Give the blocks of a text the ids of those of the original, beside which editors see them."""
    raw = body.get_prep_value()
    for block, other in zip(raw, original.get_prep_value(), strict=False):
        if block["type"] == other["type"]:
            block["id"] = other["id"]
    return json.dumps(raw)


def is_untouched(page):
    """Return whether nobody has changed or made the page by hand."""
    return not PageLogEntry.objects.filter(page=page, user__isnull=False).exists()


def words_of(questions):
    return [[getattr(question, name) for name in QUESTION] for question in questions]


def in_words(body):
    """Return the words of a text, without its markup and the ids of its blocks."""
    # PostgreSQL keeps the keys in another order.
    text = json.dumps(body.get_prep_value(), ensure_ascii=False, sort_keys=True)
    text = re.sub(r'"id": "[^"]*"', "", text)
    return " ".join(strip_tags(text).split())
