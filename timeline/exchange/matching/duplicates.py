"""Events that a file has more than once."""

from collections import defaultdict, deque
from collections.abc import Iterable

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, utils

from home.dates.parts import from_parts
from home.dates.values import DateParseError
from timeline.exchange.formats.slide_reader import DATE_PARTS, part_of, plain
from timeline.exchange.matching.items import Item
from timeline.querysets import MIN_SIMILARITY

# Compare each event with this many earlier ones of its date, so that the time stays linear.
MOST_COMPARED = 20


def note_duplicates(items: Iterable[Item]) -> None:
    """Note which items may repeat an earlier one. Items exported from here have ids, so they do not."""
    seen: dict[str, deque[tuple[int, str]]] = defaultdict(lambda: deque(maxlen=MOST_COMPARED))
    for item in items:
        title, date = title_and_date(item)
        if item.problem or item.event_data or not title or not date:
            continue
        for number, other in seen[date]:
            if fuzz.token_set_ratio(title, other) >= MIN_SIMILARITY:
                item.notes.append(
                    _("This may be the same event as the one in row %(number)s.") % {"number": number}
                )
                break
        seen[date].append((item.number, title))


def title_and_date(item: Item) -> tuple[str, str]:
    """Return a title for comparison, and the date; both are empty if there is no date."""
    text, start = part_of(item.slide, "text"), part_of(item.slide, "start_date")
    try:
        date = from_parts(*map(start.get, DATE_PARTS))
    except DateParseError:
        return "", ""
    return utils.default_process(plain(text.get("headline"))[:255]), str(date)
