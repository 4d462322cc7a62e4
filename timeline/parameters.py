"""The parameters that public pages read: names, possible values, and a canonical form for the page cache."""

import re
from urllib.parse import urlencode

from django.conf import settings

from timeline.graphics.scale import Zoom

# Filters whose values are slugs. Editors choose these and may change them.
SLUG_FILTERS = ("category", "concern", "partner")
FILTERS = (*SLUG_FILTERS, "year", "q", "order")
# A longer search text is cut.
MAX_QUERY_LENGTH = 200

# The possible values of the others, the default first.
ORDERS = ("oldest", "newest")
LAYOUTS = ("list", "compact", "axis")
THEMES = ("auto", "light", "dark")
# By default, the zoom depends on the number of events.
ZOOMS = ("", *Zoom.values)
# Levels of headings.
LEVELS = ("2", "3", "4")

PATTERNS = {
    name: re.compile(pattern)
    for name, pattern in {
        **dict.fromkeys((*SLUG_FILTERS, "event"), r"[-\w]+"),
        "year": r"[\d\s,-]+",
        "at": r"\d{4}-\d\d-\d\d",
        "limit": r"\d{1,4}",
        "page": r"[1-9]\d{0,3}",
        "order": "|".join(ORDERS),
        "theme": "|".join(THEMES),
        "layout": "|".join(LAYOUTS),
        "zoom": "|".join(Zoom.values),
        "heading": "|".join(LEVELS),
        "lang": "|".join(code for code, _name in settings.LANGUAGES),
    }.items()
}
# Parameters with any value. Their pages aren't cached: searches are private, and there are too many colors.
FREE = {"accent", "q"}
NAMES = PATTERNS.keys() | FREE

# Parameters that may be repeated. Of the others, only the last value counts.
REPEATABLE = {*SLUG_FILTERS, "year"}
# Pages with a longer query string aren't cached.
MAX_LENGTH = 200


def canonical(parameters):
    """
    Return the query string that has the same meaning, or None if the page must not be cached.

    It leaves out unknown and empty parameters, and has one order.

    :param parameters: a QueryDict.
    """
    if any(any(parameters.getlist(name)) for name in FREE):
        return None
    pairs = []
    for name in sorted(PATTERNS.keys() & parameters.keys()):
        values = parameters.getlist(name)
        values = sorted({*values} - {""}) if name in REPEATABLE else list(filter(None, values[-1:]))
        if not all(PATTERNS[name].fullmatch(value) for value in values):
            return None
        pairs += [(name, value) for value in values]
    query = urlencode(pairs)
    return query if len(query) <= MAX_LENGTH else None
