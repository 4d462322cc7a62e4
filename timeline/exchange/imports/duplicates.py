"""Events that stand in a file twice."""

from collections import defaultdict, deque

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, utils

from home.dates.parts import from_parts
from home.dates.values import DateParseError
from timeline.exchange.formats.slide_reader import DATE_PARTS, part_of, plain
from timeline.querysets import LIKE

__all__ = ["note_repeats"]

# Each event is compared with this many earlier ones of its date, so that the time grows with the file only.
MOST_COMPARED = 20


def note_repeats(items):
    """
    Tell of each item that says the same as an earlier one, judged as the form judges whether an event may be
    there already. Items that have our own ids are different events.
    """
    seen = defaultdict(lambda: deque(maxlen=MOST_COMPARED))
    for item in items:
        title, date = facts_of(item)
        if item.problem or item.record or not title or not date:
            continue
        for number, other in seen[date]:
            if fuzz.token_set_ratio(title, other) >= LIKE:
                item.notes.append(
                    _("This may be the same event as the one in row %(number)s.") % {"number": number}
                )
                break
        seen[date].append((item.number, title))


def facts_of(item):
    text, start = part_of(item.slide, "text"), part_of(item.slide, "start_date")
    try:
        date = from_parts(*map(start.get, DATE_PARTS))
    except DateParseError:
        return "", None
    return utils.default_process(plain(text.get("headline"))[:255]), str(date)
