"""The rows and events that are not matched yet."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from timeline.exchange.matching.match import ExistingEvent, Match, is_random_id

Groups = Iterator[tuple[list[Match], list[ExistingEvent]]]


class Pool:
    """The rows that are `left` and the events that are `free`. Matched ones are out."""

    def __init__(self, matches: list[Match], events: Iterable[ExistingEvent]) -> None:
        self.events = list(events)
        self.free = {event.pk: event for event in self.events}
        self.by_given_id: dict[str, list[ExistingEvent]] = defaultdict(list)
        for event in self.events:
            for given_id in {event.unique_id, event.given_id} - {""}:
                self.by_given_id[given_id].append(event)
        self.matches = matches
        # A slide without a date is no event, whatever else it has.
        self.left = dict.fromkeys(row for row in self.matches if row.features and not row.problem)

    def take(self, row: Match, event: ExistingEvent, note: str = "", is_same: bool = False) -> None:
        row.event, row.is_same = event, is_same
        if note:
            row.notes.append(note % {"event": event})
        del self.free[event.pk], self.left[row]

    def ask(self, row: Match, question: str, event: ExistingEvent | None = None) -> None:
        row.event, row.question = event, question % {"event": event}
        if event:
            del self.free[event.pk]
        del self.left[row]

    def slides_left(self) -> list[Match]:
        """Return the rows left that may be matched by content. Rows exported from here always have an id."""
        return [row for row in self.left if not row.item.event_data]

    def free_with_id(self, row: Match) -> list[ExistingEvent]:
        return [event for event in self.by_given_id.get(row.given_id, ()) if event.pk in self.free]

    def have_ids_moved(self) -> bool:
        """Return whether a row has date and headline of an event with another id, as after an insertion."""
        here = {
            (given_id, features[:2])
            for given_id, events in self.by_given_id.items()
            for event in events
            for features in event.features
            if not is_random_id(given_id)
        }
        rows = {(row.given_id, row.start) for row in self.matches if row.features and row.given_id}
        elsewhere = {start for _given_id, start in here - rows}
        return any(start in elsewhere for _given_id, start in rows - here)

    def groups(
        self,
        key_of_row: Callable[[Match], Any],
        keys_of_event: Callable[[ExistingEvent], Iterable[Any]],
        across_ids: bool = False,
    ) -> Groups:
        """Yield rows left and free events by key. Another given id is another event, unless `across_ids`."""
        rows_by_key, events_by_key = defaultdict(list), defaultdict(list)
        for row in self.slides_left():
            if (key := key_of_row(row)) is not None:
                rows_by_key[key].append(row)
        for event in self.free.values():
            for key in dict.fromkeys(keys_of_event(event)):
                events_by_key[key].append(event)
        for key, rows in rows_by_key.items():
            has_id = not across_ids and any(row.given_id for row in rows)
            yield rows, [event for event in events_by_key[key] if not (has_id and event.given_id)]

    def pair(
        self, groups: Groups, settle: Callable[[Match, ExistingEvent], None], several: str | None
    ) -> None:
        """Settle groups of one row and one event. Ask `several` about larger groups, or leave them."""
        for rows, events in list(groups):
            events = [event for event in events if event.pk in self.free]
            if len(rows) == len(events) == 1:
                settle(rows[0], events[0])
            elif events and several:
                for row in rows:
                    self.ask(row, several)
