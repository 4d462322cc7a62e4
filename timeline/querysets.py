from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Left, NullIf
from django.db.models.lookups import GreaterThanOrEqual, In, LessThan, Range
from rapidfuzz import fuzz, utils

from home.conditions import any_of, below
from home.dates.fields import precise_date_order
from home.kept import kept
from home.privacy import hidden_paths
from home.querysets import BasePageQuerySet

# Minimum similarity of the titles of duplicates, from 0 to 100. The order of words doesn't matter, nor do
# omitted words.
MIN_SIMILARITY = 80


@kept
def has_aliases(model):
    """Return whether there is any alias of an event. Without one, the queries are much simpler."""
    return model.objects.exclude(alias_of=None).exists()


class EventQuerySet(BasePageQuerySet):
    """Queries for events."""

    def for_serving(self):
        return super().for_serving().select_related("category", "lead_image")

    def on_timeline(self, timeline, by_date=False):
        """
        Select the events of a timeline, without duplicates.

        Aliases are included, unless the original or an earlier alias of it is on the same timeline. An alias
        in another language has not been translated yet, so it is left out.

        :param timeline: a page of any class.
        :param by_date: whether the next few after a date are wanted. The database then begins with the dates,
            not with all events of the timeline.
        """
        children = self.filter(self.child_of_q(timeline)) if by_date else self.child_of(timeline)
        if not has_aliases(self.model):
            return children
        here = self.model.objects.child_of(timeline)
        earlier = here.filter(alias_of=OuterRef("alias_of"), pk__lt=OuterRef("pk"))
        stands_alone = (
            Q(alias_of__locale=F("locale"))
            & ~Q(alias_of__in=here.order_by().values("pk"))
            & ~Exists(earlier.order_by())
        )
        return children.filter(Q(alias_of=None) | stands_alone)

    def in_time_order(self, newest_first=False):
        """Order by date ("2016", "January 2016", "January 1, 2016"), then by id."""
        key = precise_date_order("date")
        return self.order_by(*([key.desc(), "-pk"] if newest_first else [key, "pk"]))

    def overlapping(self, spans):
        """
        Select events that may have happened in one of these spans.

        :param spans: pairs of a first and a last year, inclusive.
        """
        some = any_of(Q(begins__lte=f"{last:04}", ends__gte=f"{first:04}") for first, last in spans)
        end = Coalesce(NullIf("end_date", Value("")), "date")
        return self.annotate(begins=Left("date", 4), ends=Left(end, 4)).filter(some)

    def that_may_be(self, title, date, end_date=None):
        """Return events with a similar title, and a date that may be the same; most similar first."""
        first, last = date.first_day, (end_date or date).last_day
        near = self.model.objects.near(first, last)
        events = self.originals().filter(pk__in=near.order_by().values("pk")).exclude(date=None)
        similar = {}
        for pk, name, start, end in events.values_list("pk", "title", "date", "end_date"):
            if start.first_day <= last and first <= (end or start).last_day:
                similarity = fuzz.token_set_ratio(title, name, processor=utils.default_process)
                if similarity >= MIN_SIMILARITY:
                    similar[pk] = similarity
        found = self.in_bulk(similar)
        return [found[pk] for pk in sorted(similar, key=lambda pk: -similar[pk])]

    def near(self, first, last):
        """
        Select the events that may have happened from the first to the last day, and some others with an end.
        The database finds them in indexes.
        """
        key, day = precise_date_order("date"), first.isoformat()
        ended = Q(GreaterThanOrEqual(precise_date_order("end_date"), day[:4]))
        # Dates without a month or a day come before the days that they include.
        return self.filter(
            any_of([Q(In(key, [day[:4], day[:7]])), Q(Range(key, [day, last.isoformat()])), ended])
        )

    def visible_to(self, user):
        """Select public events, and those that the user may change."""
        public = Q(live=True) & ~below(hidden_paths())
        return self.filter(public | Q(pk__in=self.editable_by(user).order_by().values("pk")))

    def about(self, concerns):
        """Select events that are evidence for any of these concerns."""
        these = any_of(Q(concernpage=concern) for concern in concerns)
        return self.filter(pk__in=self.model.concerns.through.objects.filter(these).values("eventpage"))

    def taken_part_in_by(self, partners):
        """Select events in which any of these partners took part."""
        these = any_of(Q(partnerpage=partner) for partner in partners)
        return self.filter(pk__in=self.model.partners.through.objects.filter(these).values("eventpage"))

    def matching(self, text):
        """Select events that match a search text."""
        found = self.model.objects.only("pk").search(text, order_by_relevance=False)
        return self.filter(pk__in=[event.pk for event in found])

    def count_by_year(self):
        """Return pairs of a year, or None without a date, and its number of events, oldest first."""
        years = self.order_by().annotate(year=Left("date", 4)).values_list("year").annotate(Count("pk"))
        # One invalid date must not break a whole page.
        return [
            (int(year) if year and year.isdecimal() else None, count)
            for year, count in years.order_by("year")
        ]

    def begun_in(self, first, last):
        """Select the events that began in one of these years. The database finds them in an index."""
        key = precise_date_order("date")
        until = [LessThan(key, f"{last + 1:04}")] if last < 9999 else []
        return self.filter(GreaterThanOrEqual(key, f"{first:04}"), *until)

    def for_exchange(self):
        """Fetch everything that an export contains, in a fixed number of queries."""
        return self.select_related("category", "latest_revision").prefetch_related(
            "sources", "corrections", "concerns", "partners"
        )

    def before(self, key, pk):
        """Select the events before the one with this `sort_key` and primary key, nearest first."""
        events = self.annotate(key=precise_date_order("date"))
        # The database finds the first one in an index, since the second condition stands alone.
        return events.filter(Q(key__lt=key) | Q(pk__lt=pk), key__lte=key).order_by("-key", "-pk")

    def after(self, key, pk):
        """Select the events after the one with this `sort_key` and primary key, nearest first."""
        events = self.annotate(key=precise_date_order("date"))
        return events.filter(Q(key__gt=key) | Q(pk__gt=pk), key__gte=key).order_by("key", "pk")
