"""Finds which event of a timeline each row of a file is, without ever guessing."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from home.dates.values import PreciseDate, for_people
from timeline.exchange.formats.slide_reader import identity_of, part_of
from timeline.exchange.imports.similarity import (
    Gist,
    folded,
    gist_of_item,
    gist_of_slide,
    likeness,
    same_where_said,
)
from timeline.models import EventPage

__all__ = ["Match", "match", "slide_key"]


@dataclass
class Known:
    """An event that is here already."""

    pk: int
    unique_id: str
    title: str
    date: PreciseDate
    imported: dict
    gists: list = field(default_factory=list)

    @property
    def given_id(self):
        """The id that the file gave from which it came; empty if none did."""
        return identity_of(self.imported.get("unique_id"))

    def __str__(self):
        return f"“{self.title}” ({for_people(self.date)})" if self.date else f"“{self.title}”"


@dataclass(eq=False)
class Match:
    """
    A row of a file and the event that it is, if any; `notes` say why.

    :param gist: None if the row is no event.
    :param identity: the id that the row gives; empty if it identifies nothing.
    :param is_same: whether the row is letter for letter what was imported before.
    :param question: what an editor has to decide before anything is done; empty if nothing.
    :param problem: why the row is refused; empty if it is not.
    """

    item: object
    gist: Gist | None = None
    identity: str = ""
    known: Known | None = None
    is_same: bool = False
    notes: list = field(default_factory=list)
    question: str = ""
    problem: str = ""

    def likeness(self, event):
        """How many of date, headline and words the row and an event have in common."""
        is_ours = self.item.record is not None
        return max(likeness(self.gist, gist, may_be_unsaid=is_ours) for gist in event.gists)


def match(items, timeline):
    """
    A Match for each Item, in their order.

    A row is an event that is here if it is the slide that was imported before, or gives the id of the event,
    or says the same under the same date. Whatever is less sure becomes a question: ids such as "1" are often
    the numbers of rows, and stand for other events once a row was added, or in another file. Copies that are
    shown elsewhere (aliases) are no events of their own.
    """
    return Matcher(items, known_events(timeline)).matches


def known_events(timeline):
    events = EventPage.objects.child_of(timeline).filter(alias_of=None).order_by("pk")
    for pk, unique_id, title, date, summary, imported in events.values_list(
        "pk", "unique_id", "title", "date", "summary", "imported"
    ):
        imported = imported if isinstance(imported, dict) else {}
        gists = [Gist(str(date or ""), folded(title), folded(summary))]
        if imported and (gist := gist_of_slide(imported)):
            gists.append(gist)
        yield Known(pk, unique_id, title, date, imported, gists)


class Matcher:
    """Goes from what is surest to what is least. A row and an event that have found each other are out."""

    def __init__(self, items, known):
        self.known = list(known)
        self.free = {event.pk: event for event in self.known}
        self.matches = [
            Match(
                item,
                None if item.problem else gist_of_item(item),
                item.given_id,
                problem=item.problem,
                notes=list(item.notes),
            )
            for item in items
        ]
        self.drop_repeated_ids()
        # A slide without a date is no event, whatever else it says.
        self.left = dict.fromkeys(row for row in self.matches if row.gist and not row.problem)
        self.by_slide()
        self.by_id()
        self.by_content()
        self.by_all_but_the_headline()
        self.ask_about_same_headlines()
        self.ask_about_other_ids()
        self.ask_about_unlike_ids()
        self.tell_of_likely_mistakes()

    def drop_repeated_ids(self):
        """Drop the ids that several rows give: they identify none of them."""
        times = Counter(row.identity for row in self.matches)
        for row in self.matches:
            if not row.identity or times[row.identity] == 1 or row.problem:
                continue
            if row.item.record:
                words = _("Several rows have the unique id “%(id)s”. Clear it in the rows that are new.")
                row.problem = words % {"id": row.identity}
            else:
                words = _("Several rows have the unique id “%(id)s”, so it is ignored.")
                row.notes.append(words % {"id": row.identity})
                row.identity = ""

    def take(self, row, known, note="", is_same=False):
        row.known, row.is_same = known, is_same
        if note:
            row.notes.append(note % {"event": known})
        del self.free[known.pk], self.left[row]

    def ask(self, row, question, known=None):
        row.known, row.question = known, question % {"event": known}
        if known:
            del self.free[known.pk]
        del self.left[row]

    def slides_left(self):
        """The rows left that may be found by what they say. Our own records always have an id."""
        return [row for row in self.left if not row.item.record]

    def by_slide(self):
        """Rows that were imported before, as they are."""
        here = defaultdict(list)
        for event in reversed(self.known):
            if event.imported:
                here[slide_key(event.imported)].append(event)
        for row in self.slides_left():
            if found := here[slide_key(row.item.slide)]:
                self.take(row, found.pop(), is_same=True)

    def by_id(self):
        self.of_id = defaultdict(list)
        for event in self.known:
            for identity in {event.unique_id, event.given_id} - {""}:
                self.of_id[identity].append(event)
        note = _("Matched to %(event)s, since the unique id is the same.")
        # Where ids have moved from row to row, nothing less than all is enough.
        enough = 3 if self.have_ids_moved() else 2
        for row in list(self.left):
            found = self.free_of_id(row)
            if not is_unmistakable(row.identity):
                found = [event for event in found if row.likeness(event) >= enough]
            if len(found) == 1:
                is_changed = not any(same_where_said(row.gist, gist) for gist in found[0].gists)
                self.take(row, found[0], note if is_changed else "")
            elif found:
                self.ask(row, _("Several events here have its unique id."))

    def free_of_id(self, row):
        """The events that have the id of a row and that no row is yet."""
        return [event for event in self.of_id.get(row.identity, ()) if event.pk in self.free]

    def have_ids_moved(self):
        """Whether a row says what the event of another id did, as all rows do below one that was added."""
        here = {
            (identity, gist[:2])
            for identity, events in self.of_id.items()
            for event in events
            for gist in event.gists
            if not is_unmistakable(identity)
        }
        rows = {(row.identity, row.gist[:2]) for row in self.matches if row.gist and row.identity}
        elsewhere = {said for _identity, said in here - rows}
        return any(said in elsewhere for _identity, said in rows - here)

    def groups(self, key_of_row, keys_of_event, across_ids=False):
        """
        The rows left by a key, with the free events of the same key. An event whose file gave it another id
        than the row has is another event, unless `across_ids`.
        """
        groups, events = defaultdict(list), defaultdict(list)
        for row in self.slides_left():
            if (key := key_of_row(row)) is not None:
                groups[key].append(row)
        for event in self.free.values():
            for key in dict.fromkeys(keys_of_event(event)):
                events[key].append(event)
        for key, rows in groups.items():
            has_id = not across_ids and any(row.identity for row in rows)
            yield rows, [event for event in events[key] if not (has_id and event.given_id)]

    def pair(self, groups, settle, several):
        """Settle pairs of one row and one event. Where there are more, ask, unless `several` is None."""
        for rows, events in list(groups):
            events = [event for event in events if event.pk in self.free]
            if len(rows) == len(events) == 1:
                settle(rows[0], events[0])
            elif events and several:
                for row in rows:
                    self.ask(row, several)

    def by_content(self):
        note = _("Matched to %(event)s, since date, headline and text are the same.")
        self.pair(
            self.groups(lambda row: row.gist, lambda event: event.gists),
            lambda row, event: self.take(row, event, note),
            _("Several rows or several events here have this date, headline and text."),
        )

    def by_all_but_the_headline(self):
        note = _("Matched to %(event)s, since everything but the headline is the same.")
        self.pair(
            self.groups(
                lambda row: key_without_headline(row.item.slide),
                lambda event: filter(None, [key_without_headline(event.imported)]),
            ),
            lambda row, event: self.take(row, event, note),
            None,
        )

    def ask_about_same_headlines(self):
        question = _("%(event)s has the same date and headline, but a different text.")
        self.pair(
            self.groups(lambda row: row.gist[:2], lambda event: [gist[:2] for gist in event.gists]),
            lambda row, event: self.ask(row, question, event),
            _("Several rows or several events here have this date and headline."),
        )

    def ask_about_other_ids(self):
        question = _("%(event)s has the same date and headline, but another unique id.")
        groups = self.groups(
            lambda row: row.gist[:2], lambda event: [gist[:2] for gist in event.gists], across_ids=True
        )
        self.pair(groups, lambda row, event: self.ask(row, question, event), None)

    def ask_about_unlike_ids(self):
        question = _("Its unique id is that of %(event)s, which says something else.")
        for row in list(self.left):
            if found := self.free_of_id(row):
                self.ask(row, question, found[0])

    def tell_of_likely_mistakes(self):
        """Say of new rows which event they may repeat, or replace."""
        dates, words, gists = {}, {}, {}
        for event in self.free.values():
            for gist in event.gists:
                dates.setdefault(gist.date, event)
                words.setdefault(gist.words or gist.headline, event)
        for event in self.known:
            for gist in event.gists:
                gists.setdefault(gist[:2], event)
        for row in self.left:
            if event := gists.get(row.gist[:2]):
                row.notes.append(_("%(event)s has the same date and headline.") % {"event": event})
            elif event := words.get(row.gist.words or row.gist.headline):
                note = _(
                    "%(event)s has the same text and is not in this file. If this row is the same event, "
                    "delete one of them after the import."
                )
                row.notes.append(note % {"event": event})
            elif event := dates.get(row.gist.date):
                note = _(
                    "%(event)s has the same date and is not in this file. If this row is the same event, "
                    "delete one of them after the import."
                )
                row.notes.append(note % {"event": event})


def is_unmistakable(identity):
    """Whether nobody else can have given this id: one that was made at random."""
    try:
        return str(UUID(identity)) == identity
    except ValueError:
        return False


def slide_key(slide):
    """Return the same text for equal slides."""
    return json.dumps(slide, sort_keys=True)


def key_without_headline(slide):
    """All that a slide says but its headline and id, or None if that is too little to know it by."""
    text = part_of(slide, "text")
    if not text.get("text") and not slide.get("media"):
        return None
    rest = {name: value for name, value in slide.items() if name != "unique_id"}
    return slide_key(rest | {"text": {name: value for name, value in text.items() if name != "headline"}})
