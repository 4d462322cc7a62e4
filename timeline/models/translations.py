"""Events of a timeline in another language, as far as they have a public translation."""

from dataclasses import replace

from home.seo.sitemap import languages
from timeline.models.event import EventPage
from timeline.models.listing import listed


def translations_of(keys, language):
    """Return the primary keys of public translations of some events, by those of the originals."""
    if not keys or language not in languages():
        return {}
    originals = dict(EventPage.objects.filter(pk__in=keys).values_list("translation_key", "pk"))
    found = EventPage.objects.originals().for_visitors().in_language(language)
    pairs = found.filter(translation_key__in=originals).values_list("translation_key", "pk")
    return {originals[key]: pk for key, pk in pairs}


def listed_in(language, events, own):
    """
    Return ListedEvents in a language, in the same order.

    A translation has the `slug` of its original, by which other sites know it. An event without one stays as
    it is, and has its own language.
    """
    if language == own:
        return events
    keys = translations_of([event.pk for event in events], language)
    translations = {event.pk: event for event in listed(EventPage.objects.filter(pk__in=keys.values()))}
    return [
        replace(translations[keys[event.pk]], slug=event.slug)
        if event.pk in keys
        else replace(event, language=own)
        for event in events
    ]
