from django.db.models import Exists, F, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Coalesce, Left, NullIf
from rapidfuzz import fuzz, utils

from concerns.models import ConcernPage
from home.conditions import any_of
from home.dates import values
from home.dates.fields import precise_date_order
from home.models import PartnerPage
from home.querysets import BasePageQuerySet

__all__ = ["EventQuerySet"]

# Of 100, how like two titles are whose events may be one; the order of words and words left out play no part.
LIKE = 80


class EventQuerySet(BasePageQuerySet):
    """The questions that are asked about many events."""

    def for_serving(self):
        return super().for_serving().select_related("category")

    def on_timeline(self, timeline):
        """
        The events that stand on a timeline, each once.

        An alias is shown where it stands, unless its original or an earlier alias of it stands there too. An
        alias in another language than its original waits to be translated, so it is not shown.

        :param timeline: the page, of any class.
        """
        here = self.model.objects.child_of(timeline)
        earlier = here.filter(alias_of=OuterRef("alias_of"), pk__lt=OuterRef("pk"))
        stands_alone = (
            Q(alias_of__locale=F("locale"))
            & ~Q(alias_of__in=here.order_by().values("pk"))
            & ~Exists(earlier.order_by())
        )
        return self.child_of(timeline).filter(Q(alias_of=None) | stands_alone)

    def originals(self):
        """Leave out aliases, which say again what another event says."""
        return self.filter(alias_of=None)

    def in_time_order(self, newest_first=False):
        """
        By date, "2016" before "January 2016" before "January 1, 2016"; equal dates in the order of writing.
        """
        key = precise_date_order("date")
        return self.order_by(*([key.desc(), "-pk"] if newest_first else [key, "pk"]))

    def overlapping(self, spans):
        """
        Events of which some day may lie in one of these spans.

        :param spans: pairs of a first and a last year, both included.
        """
        some = any_of(Q(begins__lte=f"{last:04}", ends__gte=f"{first:04}") for first, last in spans)
        end = Coalesce(NullIf("end_date", Value("")), "date")
        return self.annotate(begins=Left("date", 4), ends=Left(end, 4)).filter(some)

    def that_may_be(self, title, date, end_date=None):
        """
        Events with a like title and a date that may be the same, as far as both dates are known.

        :returns: a list, the most like first.
        """
        first, last = date.first_day, (end_date or date).last_day
        found = []
        for event in self.originals().overlapping([(first.year, last.year)]).exclude(date=None):
            likeness = fuzz.token_set_ratio(title, event.title, processor=utils.default_process)
            ends = (event.end_date or event.date).last_day
            if likeness >= LIKE and event.date.first_day <= last and first <= ends:
                found.append((likeness, event))
        return [event for _likeness, event in sorted(found, key=lambda pair: -pair[0])]

    def visible_to(self, user):
        """The events that anybody may see, and those that the user may change."""
        return self.filter(
            Q(pk__in=self.for_visitors().order_by().values("pk"))
            | Q(pk__in=self.editable_by(user).values("pk"))
        )

    def about(self, concerns):
        """Events that are evidence for any of these concerns."""
        return self.filter(
            pk__in=self.model.concerns.through.objects.filter(concernpage__in=concerns).values("eventpage")
        )

    def taken_part_in_by(self, partners):
        """Events in which any of these partners took part."""
        return self.filter(
            pk__in=self.model.partners.through.objects.filter(partnerpage__in=partners).values("eventpage")
        )

    def matching(self, text):
        """Events in which the text is found."""
        found = self.model.objects.only("pk").search(text, order_by_relevance=False)
        return self.filter(pk__in=[event.pk for event in found])

    def with_details(self):
        """With all that a list of events shows, in as many queries for ten events as for ten thousand."""
        public_partners = PartnerPage.objects.for_visitors().in_order()
        public_concerns = ConcernPage.objects.for_visitors().in_order()
        return self.select_related("category").prefetch_related(
            "sources__document",
            Prefetch("concerns", queryset=public_concerns, to_attr="public_concerns"),
            Prefetch("partners", queryset=public_partners, to_attr="public_partners"),
        )

    def for_exchange(self):
        """With all that there is about an event, in as many queries for ten events as for a hundred."""
        return self.select_related("category", "latest_revision").prefetch_related(
            "sources", "corrections", "concerns", "partners"
        )

    def years(self):
        """The years in which events begin, in order."""
        return sorted({date.year for date in self.values_list("date", flat=True) if date})

    def before(self, event):
        """Events that come before this one in time, the nearest first."""
        key = values.sort_key(event.date)
        # One that is not saved yet will be the last of its date.
        same_date = Q(key=key, pk__lt=event.pk) if event.pk else Q(key=key)
        return (
            self.annotate(key=precise_date_order("date"))
            .filter(Q(key__lt=key) | same_date)
            .order_by("-key", "-pk")
        )

    def after(self, event):
        """Events that come after this one in time, the nearest first."""
        key = values.sort_key(event.date)
        same_date = Q(key=key, pk__gt=event.pk) if event.pk else any_of([])
        return (
            self.annotate(key=precise_date_order("date"))
            .filter(Q(key__gt=key) | same_date)
            .order_by("key", "pk")
        )
