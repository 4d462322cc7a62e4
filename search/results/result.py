"""What was found, ready to be shown."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from home.dates import values
from home.models import DocumentPage
from search.kinds import KINDS, kind_of


@dataclass
class Result:
    """One thing that was found. Title and passage are texts, or HTML with the words marked."""

    kind: str
    title: str
    address: str
    passage: str = ""
    when: str = ""
    when_for_machines: str = ""
    # Where the passage is from, if it is from the file of a record.
    place: "PlaceInFile | None" = None
    # An event among the others.
    timeline_address: str = ""
    # Whether editors put it first.
    is_promoted: bool = False

    @classmethod
    def of(cls, entry, address):
        """An entry at the address of its page, without what was found in it."""
        kind = kind_of(ContentType.objects.get_for_id(entry.content_type_id).model_class())
        result = cls(kind.label, entry.text.title, f"{address}#{entry.anchor}" if entry.anchor else address)
        if entry.date:
            result.when = values.for_people(entry.date, entry.end_date)
            result.when_for_machines = values.for_machines(entry.date)
        if kind is KINDS["event"]:
            timeline = address.rstrip("/").rpartition("/")[0]
            result.timeline_address = f"{timeline}/#{entry.anchor}"
        return result


@dataclass(frozen=True)
class PlaceInFile:
    """A page of a file; without a number where the file has no pages."""

    address: str
    number: int | None = None

    @classmethod
    def of(cls, file, index, count):
        if file.file_extension.lower() != "pdf" or count < 2:
            return cls(file.url)
        # How browsers open a PDF at a page.
        return cls(f"{file.url}#page={index + 1}", index + 1)


def in_short(entries, request=None):
    """Entries, with their pages, as results without a passage."""
    return [Result.of(entry, entry.page.get_url(request)) for entry in entries]


def with_passages(entries, finder, request=None):
    """Entries, with their texts and pages, as results that show why they were found."""
    passages = {entry.pk: finder.best_of([entry.text.summary, entry.text.body]) for entry in entries}
    # Files are long, so they are looked at only where the page itself does not have all the words.
    in_files = _in_files([each for each in entries if passages[each.pk].found < len(finder.stems)], finder)
    results = in_short(entries, request)
    for entry, result in zip(entries, results, strict=True):
        result.title = finder.marked(entry.text.title)
        passage, place = in_files.get(entry.pk, (None, None))
        if passage and passage.found > passages[entry.pk].found:
            result.passage, result.place = passage.html, place
        else:
            result.passage = passages[entry.pk].html
    return results


def _in_files(entries, finder):
    """The best passage in the file of each record among these, and its place, by the number of the entry."""
    record = ContentType.objects.get_for_model(DocumentPage).pk
    entries = {entry.object_id: entry for entry in entries if entry.content_type_id == record}
    if not entries:
        return {}
    found = {}
    for page in DocumentPage.objects.filter(pk__in=entries).with_public_files():
        passages = [finder.best_passage(text) for text in page.file_pages]
        if passages:
            best = max(passages, key=lambda passage: passage.found)
            place = PlaceInFile.of(page.file, passages.index(best), len(passages))
            found[entries[page.pk].pk] = best, place
    return found
