"""Prepare entries to be shown as results."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils.functional import Promise

from home.dates import values
from home.models import DocumentPage
from search.kinds import KINDS, kind_of
from search.models import Entry
from search.text.passages import Highlighter, Passage
from search.text.query import Query


@dataclass
class Result:
    """A result. Title and passage are plain text, or HTML with the words marked."""

    kind: str | Promise
    title: str
    address: str
    passage: str = ""
    when: str = ""
    when_for_machines: str = ""
    # The place of the passage, if it is from the file of a document.
    place: "PlaceInFile | None" = None
    # The URL of an event within its timeline.
    timeline_address: str = ""
    # Whether editors recommend it.
    is_promoted: bool = False

    @classmethod
    def of(cls, entry: Entry, address: str) -> "Result":
        """Return a result without a passage, with the URL of the page of its entry."""
        kind = kind_of(ContentType.objects.get_for_id(entry.content_type_id).model_class())
        label = kind.label if kind else ""
        result = cls(label, entry.text.title, f"{address}#{entry.anchor}" if entry.anchor else address)
        if entry.date:
            result.when = values.for_people(entry.date, entry.end_date)
            result.when_for_machines = values.for_machines(entry.date)
        if kind is KINDS["event"]:
            timeline = address.rstrip("/").rpartition("/")[0]
            result.timeline_address = f"{timeline}/#{entry.anchor}"
        return result


@dataclass(frozen=True)
class PlaceInFile:
    """A page of a file. The number is None if the file has no pages."""

    address: str
    number: int | None = None

    @classmethod
    def of(cls, record: DocumentPage, index: int, address: str, text: str) -> "PlaceInFile":
        """
        Return the place of a page of a record's file, with the words of a text marked if it can be read here.

        :param address: the URL of the record.
        """
        file, number = record.file, index + 1
        if number <= record.page_count:
            route = record.reverse_subpage("file_page", args=[number])
            return cls(f"{address}{route}?{urlencode({'q': text})}", number)
        if file.file_extension.lower() != "pdf" or len(record.file_pages) < 2:
            return cls(file.url)
        # Browsers open a PDF file at this page.
        return cls(f"{file.url}#page={number}", number)


def in_short(entries: Iterable[Entry], request: HttpRequest | None = None) -> list[Result]:
    """Return results without a passage."""
    return [Result.of(entry, entry.page.get_url(request)) for entry in entries]


def with_passages(
    entries: Collection[Entry], query: Query, language: str, request: HttpRequest | None = None
) -> list[Result]:
    """Return results with passages that show why a query has found them."""
    highlighter = Highlighter.of(query.words, language)
    passages = {entry.pk: highlighter.best_of([entry.text.summary, entry.text.body]) for entry in entries}
    # Files are long, so they are searched only if the page doesn't have all the words.
    incomplete = [each for each in entries if passages[each.pk].found < len(highlighter.stems)]
    in_files = _in_files(incomplete, highlighter)
    results = in_short(entries, request)
    for entry, result in zip(entries, results, strict=True):
        result.title = highlighter.marked(entry.text.title)
        found = in_files.get(entry.pk)
        if found and found.passage.found > passages[entry.pk].found:
            result.passage = found.passage.html
            address = entry.page.get_url(request)
            result.place = PlaceInFile.of(found.record, found.place, address, query.text)
        else:
            result.passage = passages[entry.pk].html
    return results


class FoundInFile(NamedTuple):
    passage: Passage
    record: DocumentPage
    place: int  # The index of the page.


def _in_files(entries: Iterable[Entry], highlighter: Highlighter) -> dict[int, FoundInFile]:
    """Return the best passage in the file of each document by the id of the entry."""
    type_id = ContentType.objects.get_for_model(DocumentPage).pk
    ids = {entry.object_id: entry.pk for entry in entries if entry.content_type_id == type_id}
    if not ids:
        return {}
    found = {}
    for page in DocumentPage.objects.filter(pk__in=ids).with_public_files():
        passages = [highlighter.best_passage(text) for text in page.file_pages]
        if passages:
            best = max(passages, key=lambda passage: passage.found)
            found[ids[page.pk]] = FoundInFile(best, page, passages.index(best))
    return found
