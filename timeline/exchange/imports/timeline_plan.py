"""The parts of a file that belong to no event: title slide, eras, options, slides without a date."""

from django.utils.translation import gettext as _

from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, read_era
from timeline.exchange.imports.matching import slide_key
from timeline.models import Era

__all__ = ["TimelinePlan"]


class TimelinePlan:
    """
    The changes that a file would make to the timeline itself; nothing is saved.

    `imported` is what it would keep for exports, `new_eras` are its new eras, not saved, and `changes` says
    both to the editor.
    """

    def __init__(self, timeline, file, aside):
        """
        :param timeline: the TimelinePage as its latest draft has it.
        :param aside: slides that no event can hold.
        """
        self.says_anything = bool(file.title or file.eras or file.options or aside)
        self.imported = dict(timeline.imported)
        self.changes = []
        self.new_eras = []
        self.keep_head(file)
        self.keep("slides", aside)
        self.plan_eras(timeline, file)

    def keep_head(self, file):
        imported = self.imported
        options = {name: value for name, value in file.options.items() if name != KEY}
        if file.title and file.title != imported.get("title"):
            imported["title"] = file.title
            self.changes.append(_("The title slide is kept for exports."))
        if options and options != imported.get("options"):
            imported["options"] = imported.get("options", {}) | options
            names = ", ".join(options)
            self.changes.append(_("Kept for exports: %(names)s.") % {"names": names})

    def keep(self, name, slides):
        """Keep those slides that are not kept already."""
        old = self.imported.get(name, [])
        known = {slide_key(slide) for slide in old}
        if new := [slide for slide in slides if slide_key(slide) not in known]:
            self.imported[name] = old + new
        return new

    def plan_eras(self, timeline, file):
        known = {(era.headline, era.start, era.end) for era in timeline.eras.all()}
        reasons, odd = [], []
        for era in file.eras:
            try:
                headline, start, end = read_era(era)
            except NotAnEvent as error:
                odd.append(era)
                reasons.append(str(error))
                continue
            if (headline, start, end) not in known:
                known.add((headline, start, end))
                original = {} if KEY in era else era
                self.new_eras.append(Era(headline=headline, start=start, end=end, imported=original))
                self.changes.append(_("A new era: %(name)s.") % {"name": headline})
        if self.keep("eras", odd):
            why = " ".join(dict.fromkeys(reasons))
            self.changes.append(_("An era is kept for exports only. %(why)s") % {"why": why})
