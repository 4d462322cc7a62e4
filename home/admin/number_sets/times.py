"""The period and publication date that the numbers of a set share."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from home.dates import parsing, values

# The fields of a number that hold its time.
FIELDS = ("period_start", "period_end", "published")


def in_words(number):
    """Return the time of a number in words; empty if it has none."""
    if number.period:
        return number.period
    if number.published:
        return _("published %(date)s") % {"date": values.for_people(number.published)}
    return ""


def as_query(number):
    """Return the time of a number as the query string of a URL."""
    query = QueryDict(mutable=True)
    for name, date in zip(FIELDS, (number.period_start, number.period_end, number.published), strict=True):
        if date:
            query[name] = date
    return f"?{query.urlencode()}"


def from_query(parameters):
    """Return the dates in the parameters of a URL, by field. Invalid dates are left out."""
    time = {}
    for name in FIELDS:
        try:
            time[name] = parsing.parse(parameters.get(name, ""))
        except values.DateParseError:
            continue
    return time


def url_of_set(number):
    """Return the URL of the form for a number and those with the same time."""
    return reverse("number_set", args=[number.figure_id]) + as_query(number)
