"""Create many pages in bulk. Saving a hundred thousand one by one would take an hour."""

import itertools
import json
import random

from django.db import transaction
from django.db.models import F
from wagtail.models import Page
from wagtail.rich_text import RichText

from tests.support import factories
from timeline.models import EventPage

# A word in the text of every page and the title of every second event, and a word in only three events.
COMMON, RARE = "lead", "moratorium"
# The numbers of these three events, and their date.
RARE_EVENTS, RARE_DATE = (17, 42, 77), "2018-05-01"
# Number of distinct words. The second is half as frequent as the first, the third a third as frequent, etc.
VOCABULARY = 30_000
CATEGORIES, CONCERNS, PARTNERS, STANDARD_PAGES = 6, 5, 4, 4
YEARS = (2010, 2026)
# Events per transaction.
BATCH = 5000


class Writer:
    """Generate reproducible texts of meaningless words."""

    def __init__(self):
        self.random = random.Random(1)
        # These syllables cannot form the two words that are searched for.
        syllables = [consonant + vowel for consonant in "bcdfghjklmnprstv" for vowel in "aeiou"]
        words = {}
        while len(words) < VOCABULARY:
            words["".join(self.random.choices(syllables, k=self.random.randint(2, 4)))] = True
        self.vocabulary = list(words)
        self.frequencies = list(itertools.accumulate(1 / place for place in range(1, VOCABULARY + 1)))

    def words(self, count, *others):
        """Return a number of random words with these other words among them."""
        words = self.random.choices(self.vocabulary, cum_weights=self.frequencies, k=count)
        for other in others:
            words.insert(self.random.randint(0, len(words)), other)
        return " ".join(words).capitalize()

    def title(self, *others):
        # Vary the length: Wagtail's own index rewrites titles of average length each time.
        return self.words(self.random.randint(3, 8), *others)

    def summary(self):
        return f"{self.words(25)}."

    def body(self, *others):
        return f"<p>{self.words(95, COMMON, *others)}.</p>"

    def date(self):
        year, month, day = (self.random.randint(*span) for span in (YEARS, (1, 12), (1, 28)))
        return f"{year}-{month:02}-{day:02}"

    def some(self, items):
        """Return up to two of the items."""
        return self.random.sample(items, k=self.random.randint(0, 2))


def fill(count):
    """Add a number of events to the timeline of a site, and the pages that they belong to."""
    writer = Writer()
    timeline = factories.make_timeline()
    categories = [factories.make_category(f"category-{number}") for number in range(CATEGORIES)]
    concerns = [other_page(factories.make_concern, writer) for _ in range(CONCERNS)]
    partners = [other_page(factories.make_partner, writer) for _ in range(PARTNERS)]
    for _ in range(STANDARD_PAGES):
        other_page(factories.make_standard_page, writer)
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        events = [searched_event(writer, timeline, categories, number) for number in numbers]
        with transaction.atomic():
            store(events)
            relate(events, "concerns", concerns, writer)
            relate(events, "partners", partners, writer)
    Page.objects.filter(pk=timeline.pk).update(numchild=F("numchild") + count)


def other_page(make, writer):
    body = [("text", RichText(writer.body()))]
    return make(title=writer.title(), summary=writer.summary(), body=body)


def searched_event(writer, timeline, categories, number):
    """Return an unsaved event with the words that are searched for."""
    rare = [RARE] if number in RARE_EVENTS else []
    return new_event(
        timeline,
        number,
        writer.title(*rare, *([COMMON] if number % 2 else [])),
        summary=writer.summary(),
        body=json.dumps([{"type": "text", "value": writer.body(*rare)}]),
        date=RARE_DATE if rare else writer.date(),
        category=writer.random.choice(categories),
    )


def new_event(timeline, number, title, **fields):
    """Return an unsaved child page of the timeline, at the position of its number after those that it has."""
    slug = f"event-{number}"
    return EventPage(
        title=title,
        draft_title=title,
        slug=slug,
        path=EventPage._get_path(timeline.path, timeline.depth + 1, timeline.numchild + number + 1),
        depth=timeline.depth + 1,
        url_path=f"{timeline.url_path}{slug}/",
        locale_id=timeline.locale_id,
        first_published_at=timeline.first_published_at,
        last_published_at=timeline.last_published_at,
        **fields,
    )


def store(events):
    """Insert the events' rows as pages, then as events. Django has no public API for the second step."""
    Page.objects.bulk_create(events)
    for event in events:
        event.page_ptr_id = event.id
    EventPage.objects.all()._batched_insert(events, EventPage._meta.local_concrete_fields, batch_size=None)


def relate(events, name, pages, writer):
    """Relate each event to some of these concerns or partners."""
    field = EventPage._meta.get_field(name)
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    through = field.remote_field.through
    through.objects.bulk_create(
        through(**{own: event, other: page}) for event in events for page in writer.some(pages)
    )
