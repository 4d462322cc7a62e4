"""Rows of a file of events: what would happen to each, and why."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from timeline.exchange.fields import FIELDS
from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, part_of, read_slide
from timeline.exchange.references.html import same_value
from timeline.models import EventPage

__all__ = ["Action", "Row", "Unsure", "what_is_new", "words_of"]


class Action(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    ASIDE = "aside"
    REFUSE = "refuse"
    ASK = "ask"


class Unsure(TextChoices):
    """The editor's choice for rows that may or may not be an event that is here."""

    LEAVE = "leave", gettext_lazy("Leave them out")
    CHANGE = "change", gettext_lazy("They are the events named there: change them")
    NEW = "new", gettext_lazy("They are other events: create new ones")


@dataclass
class Row:
    """
    An event of the file and what would happen to it; `changes`, `notes` and `problem` are for the editor.

    :param question: what the editor has to decide; empty if nothing.
    :param stays_draft: whether it is not published, though the others are.
    """

    number: int
    title: str
    action: Action = Action.REFUSE
    event: EventPage | None = None
    record: dict = field(default_factory=dict)
    before: dict | None = None
    changes: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    problem: str = ""
    question: str = ""
    stays_draft: bool = False

    @property
    def is_written(self):
        return self.action in (Action.CREATE, Action.CHANGE)


def what_is_new(record, event, has_picture):
    """
    The parts of a record in which the slide differs from the one that was imported before.

    The other parts, and those that the slide does not have, stay as editors have made them here.
    """
    slide, picture = record["imported"], event.lead_image and event.lead_image.fetched_from
    try:
        was = read_slide(event.imported, lambda url: url == picture or has_picture(url)).record
    except NotAnEvent:
        # It was made here: what any slide says by default is not new.
        was = read_slide({"start_date": slide["start_date"], "text": {"headline": record["title"]}}).record
        was = {name: value for name, value in was.items() if name not in ("date", "title")}
    was |= part_of(event.imported, KEY) | {"imported": None}
    return {name: value for name, value in record.items() if not same_value(value, was.get(name))}


def words_of(error):
    """Return the messages of a model's errors, with the names that editors know its parts by."""
    if not hasattr(error, "message_dict"):
        return error.messages
    labels = {field.name: field.label for field in FIELDS}
    return [
        f"{labels.get(name, name)}: {' '.join(messages)}" for name, messages in error.message_dict.items()
    ]
