"""The parameters on which pages may depend, in one form for all addresses that mean the same."""

import re
from urllib.parse import urlencode

from django.conf import settings

from timeline.embedding.options import LAYOUTS, LEVELS, THEMES, ZOOMS
from timeline.filters import NAMED, ORDERS

__all__ = ["FREE", "PATTERNS", "canonical"]

# Of these each value counts, of the others the last one.
SEVERAL = {*NAMED, "year"}
# Whatever has one of these is kept nowhere: what people look for is theirs, and there are too many colors.
FREE = {"accent", "q"}
# What the other values may look like.
PATTERNS = {
    name: re.compile(pattern)
    for name, pattern in {
        **dict.fromkeys((*NAMED, "event"), r"[-\w]+"),
        "year": r"[\d\s,-]+",
        "limit": r"\d{1,4}",
        "order": "|".join(ORDERS),
        "theme": "|".join(THEMES),
        "layout": "|".join(LAYOUTS),
        "zoom": "|".join(filter(None, ZOOMS)),
        "heading": "|".join(LEVELS),
        "lang": "|".join(code for code, _name in settings.LANGUAGES),
    }.items()
}
# Characters of a query string; a longer one is no narrowing that a person or a partner would choose.
LONGEST = 200


def canonical(parameters):
    """
    The query string that means the same as these parameters: without those that no page reads and those that
    are empty, in one order.

    :param parameters: a QueryDict.
    :returns: None if a value is free or means nothing.
    """
    if any(any(parameters.getlist(name)) for name in FREE):
        return None
    pairs = []
    for name in sorted(PATTERNS.keys() & parameters.keys()):
        values = parameters.getlist(name)
        values = sorted({*values} - {""}) if name in SEVERAL else list(filter(None, values[-1:]))
        if not all(PATTERNS[name].fullmatch(value) for value in values):
            return None
        pairs += [(name, value) for value in values]
    query = urlencode(pairs)
    return query if len(query) <= LONGEST else None
