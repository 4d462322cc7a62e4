"""Plans of imports: the changes that a file would make to the timeline, and row by row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.text import fingerprint
from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, Slide, read_era
from timeline.exchange.imports.reading import EventFile
from timeline.exchange.matching.match import Match, slide_key
from timeline.exchange.references.downloads import Downloads
from timeline.models import Era, EventPage, TimelinePage


@dataclass
class TimelinePlan:
    """The changes that a file would make to the timeline itself; `changes` names them for the editor."""

    imported: dict[str, Any]
    new_eras: list[Era] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def keep_title_and_options(self, file: EventFile) -> None:
        options = {name: value for name, value in file.options.items() if name != KEY}
        if file.title and file.title != self.imported.get("title"):
            self.imported["title"] = file.title
            self.changes.append(_("The title slide is kept for exports."))
        if options and options != self.imported.get("options"):
            self.imported["options"] = self.imported.get("options", {}) | options
            names = ", ".join(options)
            self.changes.append(_("Kept for exports: %(names)s.") % {"names": names})

    def keep_slides(self, name: str, slides: list[Slide]) -> bool:
        """Keep the slides that are not kept yet, and return whether there are any."""
        old = self.imported.get(name, [])
        kept = {slide_key(slide) for slide in old}
        if new := [slide for slide in slides if slide_key(slide) not in kept]:
            self.imported[name] = old + new
        return bool(new)

    def add_eras(self, timeline: TimelinePage, file: EventFile) -> None:
        existing = {(era.headline, era.start, era.end) for era in timeline.eras.all()}
        reasons, unreadable = [], []
        for slide in file.eras:
            try:
                headline, start, end = read_era(slide)
            except NotAnEvent as error:
                unreadable.append(slide)
                reasons.append(str(error))
                continue
            if (headline, start, end) not in existing:
                existing.add((headline, start, end))
                original = {} if KEY in slide else slide
                self.new_eras.append(Era(headline=headline, start=start, end=end, imported=original))
                self.changes.append(_("A new era: %(name)s.") % {"name": headline})
        if self.keep_slides("eras", unreadable):
            why = " ".join(dict.fromkeys(reasons))
            self.changes.append(_("An era is kept for exports only. %(why)s") % {"why": why})


def plan_timeline(timeline: TimelinePage, file: EventFile, undated: list[Slide]) -> TimelinePlan:
    """Plan the changes of a timeline. `undated` are slides that no event can hold."""
    plan = TimelinePlan(dict(timeline.imported))
    plan.keep_title_and_options(file)
    plan.keep_slides("slides", undated)
    plan.add_eras(timeline, file)
    return plan


class Action(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    ASIDE = "aside"
    REFUSE = "refuse"
    ASK = "ask"


class Unsure(TextChoices):
    """The editor's choice for rows that may or may not be an existing event."""

    LEAVE = "leave", gettext_lazy("Leave them out")
    CHANGE = "change", gettext_lazy("They are the events named there: change them")
    NEW = "new", gettext_lazy("They are other events: create new ones")


@dataclass
class Row:
    """
    A row of the file and what would happen to it. `changes`, `notes` and `problem` are for the editor.

    :param event: the event as the file would make it, not saved; None if nothing would be saved.
    :param before: the fields of an existing event before the import.
    :param awaits_downloads: whether it has images or files that are still to be downloaded.
    """

    match: Match
    number: int
    title: str
    action: Action = Action.REFUSE
    event: EventPage | None = None
    data: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] | None = None
    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: str = ""
    question: str = ""
    stays_draft: bool = False
    awaits_downloads: bool = False

    @property
    def is_written(self) -> bool:
        return self.action in (Action.CREATE, Action.CHANGE)


@dataclass
class Plan:
    """
    The changes that a file would make to a timeline. `applying` carries them out.

    :param draft: the timeline as its latest draft has it, with the changes of `for_timeline`.
    :param revisions: the state of the timeline and its events when the plan was made.
    :param plan_again: plans a row again once its images and files are downloaded.
    """

    timeline: TimelinePage
    user: AbstractUser | None
    publish: bool
    downloads: Downloads | None
    unsure: Unsure
    rows: list[Row]
    draft: TimelinePage
    for_timeline: TimelinePlan
    changes_timeline: bool
    revisions: set[tuple]
    plan_again: Callable[[Row], Row]

    @property
    def timeline_changes(self) -> list[str]:
        """Changes of the timeline itself, in words for the editor."""
        return self.for_timeline.changes

    @property
    def counts(self) -> dict[Action, int]:
        return {action: sum(row.action == action for row in self.rows) for action in Action}

    @property
    def changes_anything(self) -> bool:
        return any(row.is_written for row in self.rows) or self.changes_timeline

    @property
    def asks(self) -> bool:
        return any(row.question for row in self.rows)

    @property
    def refuses_anything(self) -> bool:
        return any(row.action == Action.REFUSE for row in self.rows)

    @property
    def fingerprint(self) -> str:
        """Return a text that stays the same as long as the file would do what was shown."""
        rows = [
            (row.number, row.title, row.action, row.changes, row.problem, row.question, row.notes)
            for row in self.rows
        ]
        pages = {row.match.event.pk for row in self.rows if row.match.event and not row.match.is_same}
        revisions = sorted(revision for revision in self.revisions if revision[0] in pages)
        facts = [rows, revisions, self.timeline_changes]
        return fingerprint(repr(facts))
