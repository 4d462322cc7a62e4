from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet
from wagtail.models import Locale, Page

from home.conditions import below
from home.dates.fields import PreciseDateField
from home.privacy import hidden_paths
from search.models.facets import FacetSet


class EntryQuerySet(models.QuerySet):
    def displayable(self) -> QuerySet:
        """
        Select entries with a public page, with their texts and pages.

        Pages are checked again, so that nothing private is shown even if the index is outdated.
        """
        public = self.filter(page__live=True).exclude(below(hidden_paths(), "page__path"))
        return public.select_related("text", "page").only(
            *("content_type", "object_id", "anchor", "date", "end_date", "page__url_path"),
            *("text__title", "text__names", "text__summary", "text__body"),
        )


class Entry(models.Model):
    """
    An object in the index: what it is, when it was, and whether visitors may find it.

    The row is small, because all rows with a common word are counted. The words are in `search_words`.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    locale = models.ForeignKey(Locale, null=True, on_delete=models.CASCADE, related_name="+")
    is_public = models.BooleanField(default=False)
    # Where visitors find it: its own page, or an anchor on another page.
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, db_index=True, related_name="+")
    anchor = models.CharField(max_length=275, blank=True)
    date = PreciseDateField(blank=True)
    end_date = PreciseDateField(blank=True)
    facet_set = models.ForeignKey(
        FacetSet, null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )

    objects: Any = EntryQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="one_entry_each")]

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id}"


class EntryText(models.Model):
    """The text of an entry that results show. It is a table of its own to keep the rows of Entry small."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="text")
    title = models.TextField()
    # Other names, one per line: acronyms, aliases.
    names = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.title


class KnownWord(models.Model):
    """A word in something public, to suggest for misspelled words."""

    # Too many words are similar to a shorter one.
    MIN_LENGTH = 4

    language = models.CharField(max_length=10)
    word = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="each_word_once")]

    def __str__(self) -> str:
        return self.word
