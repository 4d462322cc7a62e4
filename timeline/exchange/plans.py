"""What a file of events would do to a timeline, found out before anything is written."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import md5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from home.addresses import is_reserved
from timeline.exchange.records import FIELDS, read_record, write_record
from timeline.exchange.references import Finder, Namer, same_value
from timeline.exchange.slide_reader import KEY, NotAnEvent, read_era, read_slide
from timeline.models import Era, EventPage

__all__ = ["Action", "Plan", "Row", "carry_out"]

LONGEST_SLUG = 200


class Action(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    ASIDE = "aside"
    REFUSE = "refuse"


@dataclass
class Row:
    """
    What would happen to an event of the file; `changes`, `notes` and `problem` are for the editor.

    :param stays_draft: whether it is not published, though the others are.
    """

    number: int
    title: str
    action: Action = Action.REFUSE
    event: EventPage = None
    record: dict = field(default_factory=dict)
    before: dict = None
    changes: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    problem: str = ""
    stays_draft: bool = False

    @property
    def is_written(self):
        return self.action in (Action.CREATE, Action.CHANGE)


class Plan:
    """
    What a file would do. `apply` does it: all of it, or nothing.

    An event is known by its identity: ours, or TimelineJS's `unique_id`, or the one that TimelineJS makes of
    a headline. One whose slide is the same as at the last import is left alone, whatever became of it here.
    """

    def __init__(self, timeline, file, user=None, publish=False, downloads=None):
        """
        :param file: the EventFile.
        :param user: who imports, whose permissions count; None for a command, which may do everything.
        :param publish: whether events are published that may be.
        :param downloads: the Downloads, or None if nothing may be downloaded.
        """
        self.timeline = timeline
        self.file = file
        self.user = user
        self.publish = publish
        self.downloads = downloads
        self.finder = Finder(timeline, downloads)
        self.draft = timeline.get_latest_revision_as_object()
        self.aside = []
        self.seen = set()
        self.new_eras = []
        self.timeline_changes = []
        children = EventPage.objects.child_of(timeline)
        identities = [self.identity(item) for item in file.items]
        self.existing = {
            event.unique_id: event.latest()
            for event in children.filter(unique_id__in=identities).for_exchange()
        }
        self.slugs = set(timeline.get_children().values_list("slug", flat=True))
        namer = Namer(timeline, drafts=True)
        namer.learn(self.existing.values())
        before = {key: read_record(event, namer) for key, event in self.existing.items()}
        self.rows = [self.row(item, before) for item in file.items]
        namer.learn([row.event for row in self.rows if row.event])
        for row in self.rows:
            self.decide(row, namer)
        self.plan_timeline()

    @property
    def counts(self):
        """How many rows there are of each action."""
        return {action: sum(row.action == action for row in self.rows) for action in Action}

    @property
    def changes_anything(self):
        return any(row.is_written for row in self.rows) or self.changes_timeline

    @property
    def refuses_anything(self):
        return any(row.action == Action.REFUSE for row in self.rows)

    @property
    def fingerprint(self):
        """By which it shows whether another look at the same file still means the same."""
        facts = [(row.number, row.title, row.action, row.changes, row.problem) for row in self.rows]
        return md5(repr([facts, self.timeline_changes]).encode(), usedforsecurity=False).hexdigest()

    @staticmethod
    def identity(item):
        return str(item.record["unique_id"]) if item.record else item.identity

    def row(self, item, before):
        """A row with its event as the file would have it, not saved."""
        identity = self.identity(item)
        event = self.existing.get(identity)
        row = Row(item.number, title_of(item), problem=item.problem, notes=list(item.notes))
        if not row.problem and identity in self.seen:
            row.problem = _("An event of the same identity stands further up.")
        self.seen.add(identity)
        if row.problem:
            return row
        if item.record:
            row.record = {name: value for name, value in item.record.items() if name != "url"}
        elif event and event.imported == item.slide:
            row.action, row.title = Action.SAME, event.title
            return row
        else:
            try:
                reading = read_slide(item.slide, self.has_picture)
            except NotAnEvent as error:
                row.action, row.problem = Action.ASIDE, str(error)
                self.aside.append(item.slide)
                return row
            row.record = reading.record | of_new_row(item) | {"unique_id": identity, "imported": item.slide}
            row.notes += reading.notes
        if event is None:
            event = EventPage(locale=self.timeline.locale, live=False, has_unpublished_changes=True)
            event._cached_parent_obj = self.timeline
        else:
            row.before = before[identity]
            if self.user and not self.may_edit(event):
                row.problem = _("You may not change this event, or somebody has locked it.")
                return row
        self.write(row, event)
        return row

    @cached_property
    def may_make_categories(self):
        names = ("timeline.add_eventcategory", "timeline.publish_eventcategory")
        return self.user is None or self.user.has_perms(names)

    def has_picture(self, url):
        if self.downloads and self.downloads.will_come(url):
            return True
        return self.finder.image_here({"url": url}) is not None

    def may_edit(self, page):
        permissions = page.permissions_for_user(self.user)
        return permissions.can_edit() and not permissions.page_locked()

    def write(self, row, event):
        already_missing = len(self.finder.missing)
        problems = write_record(event, row.record, self.finder)
        category = getattr(event, "category", None)
        if category and category.pk is None and not self.may_make_categories:
            words = _("There is no category “%(name)s”, and you may not make one.")
            problems.append(words % {"name": category})
        row.title = event.title or row.title
        for name in self.finder.missing[already_missing:]:
            if not self.downloads or name not in self.downloads.wanted:
                row.notes.append(_("Not found here, and left out: %(name)s") % {"name": name})
            else:
                row.notes.append(_("Will be downloaded: %(name)s") % {"name": name})
        self.choose_slug(row, event)
        # The tree gives these, and a new category has no number yet.
        later = ["path", "depth"] if event.pk is None else []
        if category and category.pk is None:
            later.append("category")
        try:
            event.full_clean(exclude=later)
        except ValidationError as error:
            problems += words_of(error)
        row.problem = " ".join(problems)
        if not problems:
            row.event = event

    def choose_slug(self, row, event):
        """Give an event an address that is free."""
        old = row.before and row.before["slug"]
        wanted = slugify(event.slug or event.title)[:LONGEST_SLUG] or "event"
        if wanted == old:
            event.slug = wanted
            return
        slug, times = wanted, 1
        while slug in self.slugs or is_reserved(slug, self.timeline):
            times += 1
            slug = f"{wanted}-{times}"
        self.slugs.add(slug)
        event.slug = slug
        if event.slug != row.record.get("slug", event.slug):
            row.notes.append(_("The address “%(slug)s” is taken; it gets another one.") % {"slug": wanted})

    def decide(self, row, namer):
        """Say what would be done to the event of a row."""
        if row.event is None:
            return
        after = read_record(row.event, namer)
        if row.before is None:
            row.action = Action.CREATE
        else:
            changed = [field for field in FIELDS if not same_value(row.before[field.name], after[field.name])]
            row.changes = [field.label for field in changed]
            row.action = Action.CHANGE if row.changes else Action.SAME
        if not self.publish:
            return
        if why := self.why_no_visitor_may_see_it(row.event):
            row.stays_draft = True
            if row.is_written:
                row.notes.append(why)
        elif row.action == Action.SAME and (not row.event.live or row.event.has_unpublished_changes):
            row.action = Action.CHANGE
            row.changes = [_("published")]

    def why_no_visitor_may_see_it(self, event):
        """Why an event is not published with the others, in a sentence; None if it is."""
        if not event.has_source:
            return _("Stays a draft, since it has no source.")
        if event.refusal():
            return _("Stays a draft, since it has no date or no category.")
        latest = event.latest_revision if event.live and event.has_unpublished_changes else None
        if self.user and latest and latest.user_id != self.user.pk:
            return _("Stays a draft, since somebody else has begun to change it.")
        return None

    def plan_timeline(self):
        """What the file says beside its events: title slide, eras, options and slides that are no events."""
        self.changes_timeline = False
        if self.user and not self.may_edit(self.timeline):
            if self.file.title or self.file.eras or self.file.options or self.aside:
                words = _("Nothing but events is taken in: you may not change the timeline, or it is locked.")
                self.timeline_changes.append(words)
            return
        imported = dict(self.draft.imported)
        options = {name: value for name, value in self.file.options.items() if name != KEY}
        if self.file.title and self.file.title != imported.get("title"):
            imported["title"] = self.file.title
            self.timeline_changes.append(_("The title slide is kept for exports."))
        if options and options != imported.get("options"):
            imported["options"] = imported.get("options", {}) | options
            names = ", ".join(options)
            self.timeline_changes.append(_("Kept for exports: %(names)s.") % {"names": names})
        known = imported.get("slides", [])
        if new := [slide for slide in self.aside if slide not in known]:
            imported["slides"] = known + new
        self.plan_eras(imported)
        self.changes_timeline = bool(self.new_eras) or imported != self.draft.imported
        self.draft.imported = imported

    def plan_eras(self, imported):
        known = {(era.headline, era.start, era.end) for era in self.draft.eras.all()}
        for era in self.file.eras:
            try:
                headline, start, end = read_era(era)
            except NotAnEvent as error:
                if era not in imported.get("eras", []):
                    imported["eras"] = [*imported.get("eras", []), era]
                    self.timeline_changes.append(
                        _("An era is kept for exports alone. %(why)s") % {"why": error}
                    )
                continue
            if (headline, start, end) not in known:
                known.add((headline, start, end))
                original = {} if KEY in era else era
                self.new_eras.append(Era(headline=headline, start=start, end=end, imported=original))
                self.timeline_changes.append(_("A new era: %(name)s.") % {"name": headline})

    @transaction.atomic
    def apply(self):
        """Do what the rows say."""
        for row in self.rows:
            if row.is_written:
                self.save_category(row.event.category)
                self.save(row)
        if self.changes_timeline:
            self.save_timeline()

    def save_category(self, category):
        if category.pk is None:
            category.save()
            category.save_revision(user=self.user).publish(user=self.user)

    def save(self, row):
        event = row.event
        # By now a new category has its number.
        event.category = event.category
        if row.action == Action.CREATE:
            event.owner = self.user
            self.timeline.add_child(instance=event)
            log(instance=event, action="wagtail.create", user=self.user, content_changed=True)
        elif not event.live:
            # As Wagtail's form: while nothing is public, lists show the latest draft.
            event.save()
        revision = event.save_revision(user=self.user, log_action=True)
        if self.publish and not row.stays_draft:
            revision.publish(user=self.user)

    def save_timeline(self):
        self.draft.eras.add(*self.new_eras)
        had_draft = self.timeline.has_unpublished_changes
        revision = self.draft.save_revision(user=self.user, log_action=True)
        # What somebody else has begun there stays a draft.
        if self.publish and not had_draft and self.timeline.live:
            revision.publish(user=self.user)


def of_new_row(item):
    """What a new row of a sheet of ours says in our own columns."""
    own = item.slide.get(KEY)
    return own if isinstance(own, dict) else {}


def title_of(item):
    text = item.slide.get("text")
    return str(
        (item.record or {}).get("title") or (text.get("headline") if isinstance(text, dict) else "") or ""
    )


def words_of(error):
    """What a model says is wrong, with the names of the parts as an editor knows them."""
    if not hasattr(error, "message_dict"):
        return error.messages
    labels = {field.name: field.label for field in FIELDS}
    return [
        f"{labels.get(name, name)}: {' '.join(messages)}" for name, messages in error.message_dict.items()
    ]


def carry_out(plan):
    """
    Download what a plan wants, and apply it; if anything fails, nothing has happened.

    :returns: the Plan that was applied, in which downloaded pictures have their places.
    :raises ValidationError: if something stands in the way after all.
    """
    downloads = plan.downloads
    if downloads:
        downloads.fetch_all()
    try:
        with transaction.atomic():
            # Pictures find their places as the plan is made.
            done = Plan(plan.timeline, plan.file, plan.user, plan.publish, downloads) if downloads else plan
            done.apply()
    except Exception:
        if downloads:
            downloads.discard()
        raise
    return done
