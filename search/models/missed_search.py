import logging
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import DatabaseError, models
from django.db.models import F, Max, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.models.entry import KnownWord
from search.text.query import Query

logger = logging.getLogger(__name__)

# Longer searches are cut. The number of searches per day is limited, so that a bot can't fill the table.
MAX_TERM_LENGTH = 60
MAX_TERMS_PER_DAY = 1000
# Longer searches may tell somebody's story.
MAX_WORDS = 6
YEAR = re.compile(r"(?:19|20)\d\d")


def may_be_kept(query: Query) -> bool:
    """
    Return whether a query is unlikely to be about a person.

    Email addresses, numbers other than years, and words that look like a full name are not kept: two words
    that don't occur on the site, or one next to a year.
    """
    numbers = [word for word in query.words if not word.isalpha()]
    names = {word for word in query.words if word.isalpha()}
    unknown = names - set(KnownWord.objects.filter(word__in=names).values_list("word", flat=True))
    return (
        0 < len(query.words) <= MAX_WORDS
        and "@" not in query.text
        and all(YEAR.fullmatch(number) for number in numbers)
        and len(unknown) <= (0 if numbers else 1)
    )


class MissedSearchQuerySet(models.QuerySet):
    def recent(self) -> QuerySet:
        """Leave out searches that are due to be deleted."""
        return self.filter(day__gt=timezone.localdate() - MissedSearch.KEPT)

    def count_query(self, query: Query) -> None:
        """Count a query that found nothing, unless it may be about a person."""
        try:
            if may_be_kept(query) and not self._is_full():
                self._count(" ".join(query.words)[:MAX_TERM_LENGTH], timezone.localdate())
        except DatabaseError as error:
            # Don't log the message: it may quote the words.
            logger.error("A search without a result could not be counted: %s", type(error).__name__)

    def _count(self, term: str, day: date) -> None:
        if not self.filter(term=term, day=day).update(count=F("count") + 1):
            self.bulk_create([self.model(term=term, day=day)], ignore_conflicts=True)

    def _is_full(self) -> bool:
        return self.filter(day=timezone.localdate()).count() >= MAX_TERMS_PER_DAY

    def by_term(self) -> Iterable[dict[str, Any]]:
        """Return each term with its count and its last day, most frequent first."""
        terms = self.values("term").annotate(times=Sum("count"), last=Max("day"))
        return terms.order_by("-times", "term")

    def too_old(self) -> QuerySet:
        """Select searches that are due to be deleted."""
        return self.filter(day__lte=timezone.localdate() - MissedSearch.KEPT)


class MissedSearch(models.Model):
    """The number of searches for some words that found nothing on a day. Nothing about visitors is kept."""

    # Editors can see it for this long.
    KEPT = timedelta(days=90)

    term = models.CharField(_("searched for"), max_length=MAX_TERM_LENGTH)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("times"), default=1)

    objects: Any = MissedSearchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "day"], name="each_term_once_a_day")]
        verbose_name = _("search without a result")
        verbose_name_plural = _("searches without a result")

    def __str__(self) -> str:
        return self.term
