"""Match the rows of a file with existing events. What is not certain becomes a question to the editor."""

from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from timeline.exchange.matching.items import Item
from timeline.exchange.matching.match import (
    ExistingEvent,
    Match,
    existing_events,
    is_random_id,
    key_without_headline,
    slide_key,
)
from timeline.exchange.matching.pool import Pool
from timeline.exchange.matching.similarity import Features, features_of_item, same_where_given
from timeline.models import TimelinePage


def match(items: list[Item], timeline: TimelinePage) -> list[Match]:
    """
    Return a Match for each item, in their order. The most certain steps come first.

    A row is an existing event if exactly its slide was imported before, if it has the event's id, or if it
    has the same date and content. Anything less certain becomes a question: ids such as "1" are often row
    numbers, and mean other events after a row was inserted, or in another file.
    """
    matches = [new_match(item) for item in items]
    drop_repeated_ids(matches)
    pool = Pool(matches, existing_events(timeline))
    for step in STEPS:
        step(pool)
    return matches


def new_match(item: Item) -> Match:
    features = None if item.problem else features_of_item(item)
    return Match(item, features, item.given_id, problem=item.problem, notes=list(item.notes))


def drop_repeated_ids(matches: list[Match]) -> None:
    """Drop ids that several rows have, since they identify none of them."""
    counts = Counter(row.given_id for row in matches)
    for row in matches:
        if not row.given_id or counts[row.given_id] == 1 or row.problem:
            continue
        if row.item.event_data:
            words = _("Several rows have the unique id “%(id)s”. Clear it in the rows that are new.")
            row.problem = words % {"id": row.given_id}
        else:
            words = _("Several rows have the unique id “%(id)s”, so it is ignored.")
            row.notes.append(words % {"id": row.given_id})
            row.given_id = ""


def match_by_slide(pool: Pool) -> None:
    by_slide: dict[str, list[ExistingEvent]] = defaultdict(list)
    for event in reversed(pool.events):
        if event.imported:
            by_slide[slide_key(event.imported)].append(event)
    for row in pool.slides_left():
        if found := by_slide[slide_key(row.item.slide)]:
            pool.take(row, found.pop(), is_same=True)


def match_by_id(pool: Pool) -> None:
    note = _("Matched to %(event)s, since the unique id is the same.")
    # If ids have moved from row to row, everything else has to be the same.
    enough = 3 if pool.have_ids_moved() else 2
    for row in list(pool.left):
        found = pool.free_with_id(row)
        if not is_random_id(row.given_id):
            found = [event for event in found if row.similarity(event) >= enough]
        if len(found) == 1:
            is_changed = row.features and not any(
                same_where_given(row.features, features) for features in found[0].features
            )
            pool.take(row, found[0], note if is_changed else "")
        elif found:
            pool.ask(row, _("Several events here have its unique id."))


def match_by_content(pool: Pool) -> None:
    note = _("Matched to %(event)s, since date, title and text are the same.")
    pool.pair(
        pool.groups(lambda row: row.features, lambda event: event.features),
        lambda row, event: pool.take(row, event, note),
        _("Several rows or several events here have this date, title and text."),
    )


def match_by_all_but_the_headline(pool: Pool) -> None:
    note = _("Matched to %(event)s, since everything but the title is the same.")
    pool.pair(
        pool.groups(
            lambda row: key_without_headline(row.item.slide),
            lambda event: filter(None, [key_without_headline(event.imported)]),
        ),
        lambda row, event: pool.take(row, event, note),
        None,
    )


def ask_about_same_headlines(pool: Pool) -> None:
    question = _("%(event)s has the same date and title, but a different text.")
    pool.pair(
        pool.groups(lambda row: row.start, starts_of),
        lambda row, event: pool.ask(row, question, event),
        _("Several rows or several events here have this date and title."),
    )


def ask_about_different_ids(pool: Pool) -> None:
    question = _("%(event)s has the same date and title, but another unique id.")
    pool.pair(
        pool.groups(lambda row: row.start, starts_of, across_ids=True),
        lambda row, event: pool.ask(row, question, event),
        None,
    )


def ask_about_different_content(pool: Pool) -> None:
    question = _("Its unique id is that of %(event)s, which says something else.")
    for row in list(pool.left):
        if found := pool.free_with_id(row):
            pool.ask(row, question, found[0])


def note_likely_mistakes(pool: Pool) -> None:
    """Note on new rows which event they may repeat or replace."""
    by_date: dict[str, ExistingEvent] = {}
    by_text: dict[str, ExistingEvent] = {}
    by_start: dict[tuple[str, ...], ExistingEvent] = {}
    for event in pool.free.values():
        for features in event.features:
            by_date.setdefault(features.date, event)
            by_text.setdefault(features.text or features.headline, event)
    for event in pool.events:
        for start in starts_of(event):
            by_start.setdefault(start, event)
    for row in pool.left:
        date, headline, text = row.features or Features("", "", "")
        if other := by_start.get((date, headline)):
            note = _("%(event)s has the same date and title.")
        elif other := by_text.get(text or headline):
            note = _(
                "%(event)s has the same text and is not in this file. If this row is the same event, "
                "delete one of them after the import."
            )
        elif other := by_date.get(date):
            note = _(
                "%(event)s has the same date and is not in this file. If this row is the same event, "
                "delete one of them after the import."
            )
        if other:
            row.notes.append(note % {"event": other})


def starts_of(event: ExistingEvent) -> list[tuple[str, ...]]:
    return [features[:2] for features in event.features]


STEPS = [
    match_by_slide,
    match_by_id,
    match_by_content,
    match_by_all_but_the_headline,
    ask_about_same_headlines,
    ask_about_different_ids,
    ask_about_different_content,
    note_likely_mistakes,
]
