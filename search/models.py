import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, models
from django.db.models import F, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page

from home.conditions import below
from home.dates.fields import PreciseDateField
from home.privacy import hidden_paths

logger = logging.getLogger(__name__)

__all__ = ["Entry", "EntryText", "FacetSet", "Facets", "KnownWord", "MissedSearch"]


MOST_PARAMETERS = 1000


class FacetSetQuerySet(models.QuerySet):
    # What was read once is kept, since a row never changes and its number is never given again.
    known: ClassVar[dict] = {}

    def facets_of(self, pks):
        """The `Facets` of the rows with these numbers, by the number."""
        if unknown := [pk for pk in pks if pk not in self.known]:
            # SQLite takes so many numbers in a statement and no more.
            rows = self.filter(pk__in=unknown) if len(unknown) < MOST_PARAMETERS else self
            self.known.update((pk, Facets.read(marks)) for pk, marks in rows.values_list("pk", "marks"))
        return self.known

    def numbers_of(self, marks):
        """The numbers of the rows with these marks, by the marks; those that were not there are made."""
        self.bulk_create([self.model(marks=each) for each in sorted(marks)], ignore_conflicts=True)
        return dict(self.filter(marks__in=marks).values_list("marks", "pk"))


@dataclass(frozen=True)
class Facets:
    """What an entry can be narrowed by: marks such as "category:3", and its years."""

    marks: frozenset
    years: range

    def __str__(self):
        span = [f"years:{self.years.start}-{self.years.stop - 1}"] if self.years else []
        return " ".join([*sorted(self.marks), *span])

    @classmethod
    def read(cls, text):
        """The facets whose `str()` is this text."""
        marks, _space, span = text.partition("years:")
        first, _dash, last = span.partition("-")
        years = range(int(first), int(last) + 1) if span else range(0)
        return cls(_the_one(frozenset(marks.split())), _the_one(years))


@cache
def _the_one(value):
    """One object for all that are equal, since these are found faster in dictionaries."""
    return value


class FacetSet(models.Model):
    """
    The facets of all entries that have the same, once, so that these can be counted by a number.

    A row never changes.
    """

    marks = models.TextField(unique=True)

    objects = FacetSetQuerySet.as_manager()

    def __str__(self):
        return self.marks


class EntryQuerySet(models.QuerySet):
    def to_be_shown(self):
        """
        Those whose page is public, with texts and pages. The page is asked again, so that nothing private
        is shown even if the index were behind.
        """
        public = self.filter(page__live=True).exclude(below(hidden_paths(), "page__path"))
        return public.select_related("text", "page")


class Entry(models.Model):
    """
    One thing in the index: what it is, when it was, and whether everybody may find it.

    Narrow, since a word that is everywhere is counted over all of them; the words are in `search_words`.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    locale = models.ForeignKey(Locale, null=True, on_delete=models.CASCADE, related_name="+")
    is_public = models.BooleanField(default=False)
    # Where a visitor finds it: its own page, or a place on one.
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, db_index=True, related_name="+")
    anchor = models.CharField(max_length=275, blank=True)
    date = PreciseDateField(blank=True)
    end_date = PreciseDateField(blank=True)
    facet_set = models.ForeignKey(
        FacetSet, null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )

    objects = EntryQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="one_entry_each")]

    def __str__(self):
        return f"{self.content_type_id}:{self.object_id}"


class EntryText(models.Model):
    """What is shown of an entry that a visitor may find. Apart from it, to keep that one narrow."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="text")
    title = models.TextField()
    # Other names, a line each: acronyms, aliases.
    names = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return self.title


class KnownWord(models.Model):
    """A word of something public, as it is written there, for those who mistype it."""

    language = models.CharField(max_length=10)
    word = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="each_word_once")]

    def __str__(self):
        return self.word


# Characters of a search that are kept, and the most searches of a day, lest a program fill the table.
LONGEST_TERM = 60
MOST_TERMS_A_DAY = 1000
# Whoever types more words than this tells a story, perhaps their own.
MOST_WORDS = 6
YEAR = re.compile(r"(?:19|20)\d\d")


def may_be_kept(text, words):
    """
    Whether a search hardly is about a person. Numbers other than a year, addresses, and words that look like
    a full name are not kept: two that stand nowhere on the site, or one beside a year.

    :param text: the search as it was typed.
    :param words: its words, folded.
    """
    numbers = [word for word in words if not word.isalpha()]
    names = {word for word in words if word.isalpha()}
    unknown = names - set(KnownWord.objects.filter(word__in=names).values_list("word", flat=True))
    return (
        0 < len(words) <= MOST_WORDS
        and "@" not in text
        and all(YEAR.fullmatch(number) for number in numbers)
        and len(unknown) <= (0 if numbers else 1)
    )


class MissedSearchQuerySet(models.QuerySet):
    def recent(self):
        """Those that are not too old to be kept."""
        return self.filter(day__gt=timezone.localdate() - MissedSearch.KEPT)

    def note(self, query):
        """
        Count that a search found nothing, unless what was asked for may be about a person.

        :param query: the Query.
        """
        try:
            if may_be_kept(query.text, query.words) and not self._is_full():
                self._count(" ".join(query.words)[:LONGEST_TERM], timezone.localdate())
        except DatabaseError as error:
            # The visitor's answer does not hang on it, and what the error says may hold the words.
            logger.error("A search without a result could not be counted: %s", type(error).__name__)

    def _count(self, term, day):
        if not self.filter(term=term, day=day).update(count=F("count") + 1):
            self.bulk_create([self.model(term=term, day=day)], ignore_conflicts=True)

    def _is_full(self):
        return self.filter(day=timezone.localdate()).count() >= MOST_TERMS_A_DAY

    def by_term(self):
        """Each term once, with how often and when last, the most frequent first."""
        terms = self.values("term").annotate(times=Sum("count"), last=Max("day"))
        return terms.order_by("-times", "term")

    def too_old(self):
        """Those that are to be deleted."""
        return self.filter(day__lte=timezone.localdate() - MissedSearch.KEPT)


class MissedSearch(models.Model):
    """How often a search found nothing on a day: the words, the day, the count, and nothing about anybody."""

    # For how long editors can see it.
    KEPT = timedelta(days=90)

    term = models.CharField(_("searched for"), max_length=LONGEST_TERM)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("times"), default=1)

    objects = MissedSearchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "day"], name="each_term_once_a_day")]
        verbose_name = _("search without a result")
        verbose_name_plural = _("searches without a result")

    def __str__(self):
        return self.term
