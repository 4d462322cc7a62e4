"""The original of a translation, and what the two have in common."""

from django.conf import settings
from modelcluster.fields import ParentalKey
from wagtail.models import Locale, Page, TranslatableMixin

from home.corrections.claims import claims_of
from home.kept import once


def original_of(thing):
    """Return the published page or snippet in the first language of the site that another one translates."""
    if thing.pk is None or getattr(thing, "alias_of_id", None) or is_original(thing):
        return None
    originals = type(thing)._default_manager.filter(
        translation_key=thing.translation_key, locale__language_code=settings.LANGUAGE_CODE, live=True
    )
    return once((original_of, type(thing), thing.pk), originals.exclude(pk=thing.pk).first)


def other_locales():
    """Return the languages of the site into which originals are translated."""
    codes = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return Locale.objects.filter(language_code__in=codes)


def is_original(thing):
    return thing.locale.language_code == settings.LANGUAGE_CODE and not getattr(thing, "alias_of_id", None)


def words_of(thing):
    """Return what a translator translates, as plain data."""
    words = {name: value for name, value in claims_of(thing).items() if name not in thing.shared_fields}
    corrections = getattr(thing, "corrections", None)
    return words | {
        "corrections": sorted(each.text for each in corrections.all()) if corrections else [],
        # Words in the shared fields that a translation has words of its own for.
        "shared_words": getattr(thing, "shared_words", []),
    }


def has_changed(revision, original):
    """Return whether the words of an original differ from those of an earlier version, as far as is known."""
    return revision is None or words_of(revision.as_object()) != words_of(original)


def share(original, translation):
    """
    Give a translation what is the same in both languages: its `shared_fields`.

    Pages and snippets that have a translation are replaced by it. Return whether all have one.
    """
    has_all = True
    for name in translation.shared_fields:
        field = original._meta.get_field(name)
        value = getattr(original, name)
        if field.one_to_many:
            rows = copied(value.all(), getattr(translation, name).all())
            setattr(translation, name, rows)
        elif field.many_to_many:
            chosen = list(value.all())
            found = [each.get_translation_or_none(translation.locale) for each in chosen]
            has_all = has_all and all(found)
            setattr(translation, name, [each for each in found if each])
        elif isinstance(value, TranslatableMixin):
            found = value.get_translation_or_none(translation.locale)
            has_all = has_all and bool(found and found.live)
            kept = getattr(translation, name)
            if found or (kept and kept.locale_id != translation.locale_id):
                setattr(translation, name, found)
        else:
            setattr(translation, name, value)
    return has_all


def save(translation):
    """Save a translation. A draft of a page may lack what has no translation yet."""
    is_draft_of_page = isinstance(translation, Page) and not translation.live
    translation.save(**{"clean": False} if is_draft_of_page else {})


def copied(rows, old_rows):
    """Return copies of rows, with the keys of the rows that they replace, as far as there are such."""
    keys = [row.pk for row in old_rows]
    return [copy_of(row, keys[place] if place < len(keys) else None) for place, row in enumerate(rows)]


def copy_of(row, pk):
    fields = [
        field
        for field in row._meta.concrete_fields
        if not field.primary_key and not isinstance(field, ParentalKey)
    ]
    return type(row)(pk=pk, **{field.attname: getattr(row, field.attname) for field in fields})
