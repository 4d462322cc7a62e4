"""Plans of imports: the changes that a file of events would make, found out before anything is written."""

from contextlib import suppress
from hashlib import md5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from home.wagtail_internals import set_parent
from timeline.exchange.fields import FIELDS, read_event, write_event
from timeline.exchange.formats.slide_reader import KEY, NotAnEvent, part_of, picture_of, read_slide
from timeline.exchange.imports.applied_changes import Done, revisions_of, state_of
from timeline.exchange.imports.matching import match
from timeline.exchange.imports.rows import Action, Row, Unsure, what_is_new, words_of
from timeline.exchange.imports.slugs import Slugs
from timeline.exchange.imports.timeline_plans import TimelinePlan
from timeline.exchange.references.html import same_value
from timeline.exchange.references.namer import Namer
from timeline.exchange.references.resolver import Resolver
from timeline.models import EventPage, TimelinePage

__all__ = ["Plan", "carry_out"]

LONGEST_ID = EventPage._meta.get_field("unique_id").max_length


class Plan:
    """
    The changes that a file would make. `apply` makes all of them, or none.

    Which event a row is, `matching` says. One whose slide is the same as at the last import is left alone,
    whatever became of it here.
    """

    def __init__(self, timeline, file, user=None, publish=False, downloads=None, unsure=Unsure.LEAVE):
        """
        :param file: the EventFile.
        :param user: who imports, whose permissions count; None for a command, which may do everything.
        :param publish: whether events are published that may be.
        :param downloads: the Downloads, or None if nothing may be downloaded.
        :param unsure: what becomes of rows about which there is a question.
        """
        self.timeline = timeline
        self.file = file
        self.user = user
        self.publish = publish
        self.downloads = downloads
        self.unsure = unsure
        self.resolver = Resolver(timeline, downloads)
        self.draft = timeline.get_latest_revision_as_object()
        self.aside = []
        self.seen = revisions_of(timeline)
        self.done = Done()
        self.matches = match(file.items, timeline)
        self.resolver.load_images(filter(None, (picture_of(item.slide) for item in file.items)))
        self.slugs = Slugs(timeline)
        self.load()
        self.rows = [self.row(*pair) for pair in zip(file.items, self.matches, strict=True)]
        namer = Namer(timeline, drafts=True)
        namer.load([row.event for row in self.rows if row.event])
        for row in self.rows:
            self.decide(row, namer)
        self.changes_timeline = False
        self.plan_timeline()

    def load(self):
        """The events that rows may change, and what they say now."""
        wanted = [found.known.pk for found in self.matches if found.known and not found.is_same]
        events = EventPage.objects.for_exchange().in_bulk(wanted)
        self.existing = {pk: event.latest() for pk, event in events.items()}
        namer = Namer(self.timeline, drafts=True)
        namer.load(self.existing.values())
        self.before = {pk: read_event(event, namer) for pk, event in self.existing.items()}
        children = EventPage.objects.child_of(self.timeline)
        self.taken_ids = set(children.values_list("unique_id", flat=True))
        aliases = children.exclude(alias_of=None).values_list("unique_id", flat=True)
        self.shown_elsewhere = set(aliases)

    def again(self):
        """The plan made anew, now that pictures have come."""
        return Plan(self.timeline, self.file, self.user, self.publish, self.downloads, self.unsure)

    @property
    def counts(self):
        """The number of rows of each action."""
        return {action: sum(row.action == action for row in self.rows) for action in Action}

    @property
    def changes_anything(self):
        return any(row.is_written for row in self.rows) or self.changes_timeline

    @property
    def asks(self):
        """Whether there are rows about which the editor has to decide."""
        return any(row.question for row in self.rows)

    @property
    def refuses_anything(self):
        return any(row.action == Action.REFUSE for row in self.rows)

    @property
    def fingerprint(self):
        """Return the same text as long as the file would still do what was shown."""
        facts = [
            (row.number, row.title, row.action, row.changes, row.problem, row.question, row.notes)
            for row in self.rows
        ]
        events = sorted(facts for facts in self.seen if facts[0] in self.existing)
        return md5(repr([facts, events, self.timeline_changes]).encode(), usedforsecurity=False).hexdigest()

    def row(self, item, found):
        """A row with its event as the file would have it, not saved."""
        row = Row(item.number, item.title, problem=found.problem, notes=found.notes, question=found.question)
        if row.problem:
            return row
        if found.is_same:
            row.action, row.title = Action.SAME, found.known.title
            return row
        try:
            row.record = self.record(item, row)
        except NotAnEvent as error:
            row.action, row.problem = Action.ASIDE, str(error)
            self.aside.append(item.slide)
            return row
        known = None if found.question and self.unsure == Unsure.NEW else found.known
        if known and self.user and not self.may_edit(self.existing[known.pk]):
            row.problem = _("You may not change this event, or somebody has locked it.")
            return row
        if found.question and self.unsure != Unsure.NEW and (self.unsure == Unsure.LEAVE or known is None):
            row.action = Action.ASK
            return row
        if known is None and item.given_id in self.shown_elsewhere:
            row.action = Action.SAME
            row.notes.append(_("It is shown here from another place. Change it there."))
            return row
        if known:
            event, row.before = self.existing[known.pk], self.before[known.pk]
            if not item.record:
                row.record = what_is_new(row.record, event, self.has_picture)
            row.record.pop("unique_id", None)
        else:
            self.complete(item, row)
            event = self.new_event(item, row)
        self.write(row, event)
        return row

    def record(self, item, row):
        """The record of an event, or the parts of one, that an item says."""
        if item.record:
            return {name: value for name, value in item.record.items() if name != "url"}
        reading = read_slide(item.slide, self.has_picture)
        row.notes += reading.notes
        return reading.record | part_of(item.slide, KEY) | {"imported": item.slide}

    def complete(self, item, row):
        """Take from the slide of a new event what our own columns do not say, since the table lacks them."""
        with suppress(NotAnEvent):
            reading = read_slide(item.slide, self.has_picture)
            lacking = reading.record.keys() - row.record.keys() - {"imported"}
            if "summary" in lacking:  # which our own files always have
                row.record |= {name: reading.record[name] for name in lacking}
                row.notes += reading.notes

    def new_event(self, item, row):
        event = EventPage(locale=self.timeline.locale, live=False, has_unpublished_changes=True)
        set_parent(event, self.timeline)
        # An id that another event has, or no event can have, stays on the slide alone.
        identity = item.given_id
        if not identity or identity in self.taken_ids or len(identity) > LONGEST_ID:
            identity = event.unique_id
        self.taken_ids.add(identity)
        row.record["unique_id"] = identity
        return event

    @cached_property
    def may_make_categories(self):
        names = ("timeline.add_eventcategory", "timeline.publish_eventcategory")
        return self.user is None or self.user.has_perms(names)

    def has_picture(self, url):
        if self.downloads and self.downloads.may_come(url):
            return True
        return self.resolver.image_here({"url": url}) is not None

    def may_edit(self, page):
        permissions = page.permissions_for_user(self.user)
        return permissions.can_edit() and not permissions.page_locked()

    def write(self, row, event):
        already_missing = len(self.resolver.missing)
        problems = write_event(event, row.record, self.resolver)
        category = getattr(event, "category", None)
        if category and category.pk is None and not self.may_make_categories:
            words = _("There is no category “%(name)s”, and you may not make one.")
            problems.append(words % {"name": category})
        row.title = event.title or row.title
        for name in self.resolver.missing[already_missing:]:
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
        """Give an event a free address. One that is here keeps its own, unless the file says another."""
        wanted = row.record.get("slug") if row.before else event.slug or event.title
        if not wanted or (row.before and wanted == row.before["slug"]):
            return
        event.slug = self.slugs.free(wanted)
        if event.slug != row.record.get("slug", event.slug):
            row.notes.append(_("The address “%(slug)s” is taken; it gets another one.") % {"slug": wanted})

    def decide(self, row, namer):
        """Say what would be done to the event of a row."""
        if row.event is None:
            return
        after = read_event(row.event, namer)
        if row.before is None:
            row.action = Action.CREATE
        else:
            changed = [field for field in FIELDS if not same_value(row.before[field.name], after[field.name])]
            row.changes = [field.label for field in changed]
            row.action = Action.CHANGE if row.changes else Action.SAME
        if not self.publish:
            return
        if why := self.reason_to_stay_draft(row.event):
            row.stays_draft = True
            if row.is_written:
                row.notes.append(why)
        elif row.action == Action.SAME and (not row.event.live or row.event.has_unpublished_changes):
            row.action = Action.CHANGE
            row.changes = [_("published")]

    def reason_to_stay_draft(self, event):
        """Return why an event is not published with the others, in a sentence, or None if it is."""
        obstacles = {obstacle.path for obstacle in event.obstacles()}
        if "sources" in obstacles:
            return _("Stays a draft, since it has no source.")
        if obstacles:
            return _("Stays a draft, since it has no date or no category.")
        latest = event.latest_revision if event.live and event.has_unpublished_changes else None
        if self.user and latest and latest.user_id != self.user.pk:
            return _("Stays a draft, since somebody else has begun to change it.")
        return None

    def plan_timeline(self):
        """Plan what the file says beside its events, as far as the user may change the timeline."""
        found = TimelinePlan(self.draft, self.file, self.aside)
        if self.user and not self.may_edit(self.timeline):
            words = _(
                "Only the events are imported: you may not change the timeline, or somebody has locked it."
            )
            self.timeline_changes = [words] if found.says_anything else []
            self.new_eras = []
            return
        self.timeline_changes, self.new_eras = found.changes, found.new_eras
        self.changes_timeline = bool(found.new_eras) or found.imported != self.draft.imported
        self.draft.imported = found.imported

    def apply(self):
        """
        Do what the rows say, and note it in `done`.

        :raises ValidationError: if somebody has changed anything since the plan was made.
        """
        TimelinePage.objects.select_for_update().get(pk=self.timeline.pk)
        if revisions_of(self.timeline) != self.seen:
            raise ValidationError(_("Something has changed since you looked. Please look again."))
        for row in self.rows:
            if row.is_written:
                self.save_category(row.event.category)
                self.save(row)
        if self.changes_timeline:
            self.save_timeline()
        self.done.finish(self.downloads)

    def save_category(self, category):
        if category.pk is None:
            category.save()
            revision = category.save_revision(user=self.user)
            revision.publish(user=self.user)
            self.done.note_category(category)

    def save(self, row):
        event, before = row.event, None
        # By now a new category has its number.
        event.category = event.category
        if row.action == Action.CREATE:
            event.owner = self.user
            self.timeline.add_child(instance=event)
            log(instance=event, action="wagtail.create", user=self.user, content_changed=True)
        else:
            before = state_of(event)
            if not event.live:
                # As Wagtail's form: while nothing is public, lists show the latest draft.
                event.save()
        revision = event.save_revision(user=self.user, log_action=True)
        publishes = self.publish and not row.stays_draft
        if publishes:
            revision.publish(user=self.user)
        self.done.note_page(event, revision, publishes, before)

    def save_timeline(self):
        before = state_of(self.timeline)
        self.draft.eras.add(*self.new_eras)
        revision = self.draft.save_revision(user=self.user, log_action=True)
        # What somebody else has begun there stays a draft.
        publishes = self.publish and not before["draft"] and self.timeline.live
        if publishes:
            revision.publish(user=self.user)
        self.done.note_page(self.draft, revision, publishes, before)


def carry_out(plan, finish=None):
    """
    Download what a plan wants, and apply it; if anything fails, nothing has happened.

    :param finish: is told what was done, within the same transaction.

    Only `apply` is within a transaction, so that nobody waits while pictures come and rows are read.

    :returns: the Plan that was applied, in which downloaded pictures have their places.
    :raises ValidationError: if something stands in the way after all.
    """
    downloads = plan.downloads
    try:
        if downloads:
            downloads.fetch_all()
            # Pictures find their places as the plan is made.
            plan = plan.again()
        with transaction.atomic():
            plan.apply()
            if finish:
                finish(plan.done.data)
    except BaseException:
        if downloads:
            downloads.discard()
        raise
    return plan
