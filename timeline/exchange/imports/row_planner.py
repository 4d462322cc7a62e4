"""Plan single rows of a file: the event that each would become, or the problem with it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.models import Page

from home.wagtail_internals import set_parent
from timeline.exchange.fields import FIELDS, read_event, write_event
from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, image_address_of, part_of, read_slide
from timeline.exchange.imports.plan import Action, Row, Unsure
from timeline.exchange.imports.slugs import Slugs
from timeline.exchange.matching.items import Item
from timeline.exchange.matching.match import Match
from timeline.exchange.references.downloads import Downloads
from timeline.exchange.references.html import same_value
from timeline.exchange.references.namer import Namer
from timeline.exchange.references.resolver import Resolver
from timeline.models import EventPage, TimelinePage

LONGEST_ID = EventPage._meta.get_field("unique_id").max_length


class RowPlanner:
    """Plans the rows of one file. Call `load` before `plan`."""

    def __init__(
        self,
        timeline: TimelinePage,
        user: AbstractUser | None,
        downloads: Downloads | None,
        unsure: Unsure,
    ) -> None:
        self.timeline = timeline
        self.user = user
        self.downloads = downloads
        self.unsure = unsure
        self.resolver = Resolver(timeline, downloads)
        self.slugs = Slugs(timeline)
        # By the number of the row, so that one that is planned again keeps its own.
        self.new_ids: dict[int, str] = {}
        self.new_slugs: dict[int, str] = {}

    def load(self, matches: Sequence[Match]) -> None:
        """Load the images that rows show, and the events that rows may change with their fields."""
        addresses = (image_address_of(match.item.slide) for match in matches)
        self.resolver.load_images(filter(None, addresses))
        wanted = [match.event.pk for match in matches if match.event and not match.is_same]
        events = EventPage.objects.for_exchange().in_bulk(wanted)
        self.existing = {pk: event.latest() for pk, event in events.items()}
        namer = Namer(self.timeline, drafts=True)
        namer.load(self.existing.values())
        self.before = {pk: read_event(event, namer) for pk, event in self.existing.items()}
        children = EventPage.objects.child_of(self.timeline)
        self.taken_ids = set(children.values_list("unique_id", flat=True))
        aliases = children.exclude(alias_of=None).values_list("unique_id", flat=True)
        self.ids_of_aliases = set(aliases)
        self.originals = dict(originals_elsewhere(self.timeline))

    def plan(self, match: Match) -> Row:
        """Return a row with its event as the file would have it, not saved."""
        item = match.item
        row = Row(match, item.number, item.title, notes=list(match.notes))
        row.problem, row.question = match.problem, match.question
        if row.problem:
            return row
        if match.event and match.is_same:
            row.action, row.title = Action.SAME, match.event.title
            return row
        try:
            row.data = self.data_of(item, row)
        except NotAnEvent as error:
            row.action, row.problem = Action.ASIDE, str(error)
            return row
        existing = None if match.question and self.unsure == Unsure.NEW else match.event
        if existing and self.user and not may_edit(self.existing[existing.pk], self.user):
            row.problem = _("You may not change this event, or somebody has locked it.")
        elif match.question and self.unsure != Unsure.NEW and not (existing and self.unsure == Unsure.CHANGE):
            row.action = Action.ASK
        elif existing:
            event, row.before = self.existing[existing.pk], self.before[existing.pk]
            if not item.event_data:
                row.data = changed_fields(row.data, event, self.has_image)
            row.data.pop("unique_id", None)
            self.write(row, event)
        elif item.given_id in self.ids_of_aliases:
            row.action = Action.SAME
            row.notes.append(_("It is shown here from another place. Change it there."))
        else:
            self.add_missing_fields(item, row)
            self.write(row, self.new_event(item, row))
        return row

    def plan_again(self, row: Row) -> Row:
        """Plan a row again once its images and files are downloaded."""
        if row.event and row.before:
            # The one in memory has been written to.
            event = EventPage.objects.for_exchange().get(pk=row.event.pk)
            self.existing[event.pk] = event.latest()
        self.resolver.retry_missing()
        return self.plan(row.match)

    def data_of(self, item: Item, row: Row) -> dict[str, Any]:
        """Return the fields that an item has, as plain data."""
        if item.event_data:
            return {name: value for name, value in item.event_data.items() if name != "url"}
        reading = read_slide(item.slide, self.has_image)
        row.notes += reading.notes
        return reading.data | part_of(item.slide, KEY) | {"imported": item.slide}

    def add_missing_fields(self, item: Item, row: Row) -> None:
        """Fill a new event from the columns of TimelineJS, if a table of ours lacks our own columns."""
        with suppress(NotAnEvent):
            reading = read_slide(item.slide, self.has_image)
            missing = reading.data.keys() - row.data.keys() - {"imported"}
            # Files exported from here always have a summary.
            if "summary" in missing:
                row.data |= {name: reading.data[name] for name in missing}
                row.notes += reading.notes

    def new_event(self, item: Item, row: Row) -> EventPage:
        event = EventPage(locale=self.timeline.locale, live=False, has_unpublished_changes=True)
        set_parent(event, self.timeline)
        if item.given_id in self.originals:
            event.translation_key, title = self.originals[item.given_id]
            row.notes.append(_("A translation of “%(title)s”.") % {"title": title})
        if item.number not in self.new_ids:
            given = item.given_id
            # An id that is taken or too long stays on the slide only.
            is_free = given and given not in self.taken_ids and len(given) <= LONGEST_ID
            self.new_ids[item.number] = given if is_free else event.unique_id
            self.taken_ids.add(self.new_ids[item.number])
        row.data["unique_id"] = self.new_ids[item.number]
        return event

    @cached_property
    def may_make_categories(self) -> bool:
        names = ("timeline.add_eventcategory", "timeline.publish_eventcategory")
        return self.user is None or self.user.has_perms(names)

    def has_image(self, url: str) -> bool:
        """Return whether the image at an address is, or may come, into the library."""
        if self.downloads and self.downloads.may_come(url):
            return True
        return self.resolver.image_here({"url": url}) is not None

    def write(self, row: Row, event: EventPage) -> None:
        """Write the data of a row into its event, and check it as Wagtail's form would."""
        already_missing = len(self.resolver.missing)
        problems = write_event(event, row.data, self.resolver)
        category = getattr(event, "category", None)
        if category and category.pk is None and not self.may_make_categories:
            words = _("There is no category “%(name)s”, and you may not make one.")
            problems.append(words % {"name": category})
        row.title = event.title or row.title
        for name in self.resolver.missing[already_missing:]:
            self.note_missing(row, name)
        self.choose_slug(row, event)
        # The tree sets path and depth, and a new category has no id yet.
        later = ["path", "depth"] if event.pk is None else []
        if category and category.pk is None:
            later.append("category")
        try:
            event.full_clean(exclude=later)
        except ValidationError as error:
            problems += messages_of(error)
        row.problem = " ".join(problems)
        if not problems:
            row.event = event

    def note_missing(self, row: Row, name: str) -> None:
        # The name of a file has its hash and title behind the address.
        if self.downloads and {name, name.partition("#")[0]} & self.downloads.wanted.keys():
            row.awaits_downloads = True
            row.notes.append(_("Will be downloaded: %(name)s") % {"name": name})
        else:
            row.notes.append(_("Not found here, and left out: %(name)s") % {"name": name})

    def choose_slug(self, row: Row, event: EventPage) -> None:
        """Give an event a free slug. An existing event keeps its own, unless the file has another one."""
        wanted = row.data.get("slug") if row.before else event.slug or event.title
        if not wanted or (row.before and wanted == row.before["slug"]):
            return
        if row.number not in self.new_slugs:
            self.new_slugs[row.number] = self.slugs.free(wanted)
        event.slug = self.new_slugs[row.number]
        if event.slug != row.data.get("slug", event.slug):
            row.notes.append(_("The address “%(slug)s” is taken; it gets another one.") % {"slug": wanted})


def originals_elsewhere(timeline: TimelinePage) -> Iterator[tuple[str, tuple[UUID, str]]]:
    """Yield the ids of the events on a timeline's translations, with their translation keys and titles."""
    for other in timeline.get_translations():
        events = EventPage.objects.child_of(other).filter(alias_of=None)
        for unique_id, key, title in events.values_list("unique_id", "translation_key", "title"):
            yield unique_id, (key, title)


def may_edit(page: Page, user: AbstractUser) -> bool:
    permissions = page.permissions_for_user(user)
    return permissions.can_edit() and not permissions.page_locked()


def messages_of(error: ValidationError) -> list[str]:
    """Return the messages of a model's errors, with the names that editors know its fields by."""
    if not hasattr(error, "message_dict"):
        return error.messages
    labels = {field.name: field.label for field in FIELDS}
    return [
        f"{labels.get(name, name)}: {' '.join(messages)}" for name, messages in error.message_dict.items()
    ]


def changed_fields(
    data: dict[str, Any], event: EventPage, has_image: Callable[[str], bool]
) -> dict[str, Any]:
    """Return the data that has changed since the last import. All other fields stay as edited here."""
    slide, image = data["imported"], event.lead_image and event.lead_image.fetched_from
    try:
        was = read_slide(event.imported, lambda url: url == image or has_image(url)).data
    except NotAnEvent:
        # It was written here, so the defaults of any slide don't count as changes.
        was = read_slide({"start_date": slide["start_date"], "text": {"headline": data["title"]}}).data
        was = {name: value for name, value in was.items() if name not in ("date", "title")}
    was |= part_of(event.imported, KEY) | {"imported": None}
    return {name: value for name, value in data.items() if not same_value(value, was.get(name))}
