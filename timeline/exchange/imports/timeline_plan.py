"""The parts of a file that belong to no event: title slide, eras, options, and slides without a date."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from timeline.exchange.formats.slide_parts import KEY, NotAnEvent, Slide
from timeline.exchange.formats.slide_reader import read_era
from timeline.exchange.imports.reading import EventFile
from timeline.exchange.matching.match import slide_key
from timeline.models import Era, TimelinePage


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
