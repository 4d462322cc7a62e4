"""Plan an import: find out which changes a file would make, before anything is written."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _

from home.content_checks.problem import date_problems
from timeline.exchange.fields import FIELDS, read_event
from timeline.exchange.imports.applied_changes import revisions_of
from timeline.exchange.imports.plan import Action, Plan, Row, TimelinePlan, Unsure, plan_timeline
from timeline.exchange.imports.reading import EventFile
from timeline.exchange.imports.row_planner import RowPlanner, may_edit
from timeline.exchange.matching.steps import match
from timeline.exchange.references.downloads import Downloads
from timeline.exchange.references.html import same_value
from timeline.exchange.references.namer import Namer
from timeline.models import EventPage, TimelinePage

LEAVE = Unsure(Unsure.LEAVE)


def make_plan(
    timeline: TimelinePage,
    file: EventFile,
    user: AbstractUser | None = None,
    publish: bool = False,
    downloads: Downloads | None = None,
    unsure: Unsure = LEAVE,
) -> Plan:
    """
    Return the Plan of an import. Nothing is written.

    A row whose slide is the same as at the last import is left alone, whatever editors have changed here.

    :param user: the importing user, whose permissions count; None for a command, which may do everything.
    :param unsure: what to do with rows about which there is a question.
    """
    revisions = revisions_of(timeline)
    planner = RowPlanner(timeline, user, downloads, unsure)
    matches = match(file.items, timeline)
    planner.load(matches)
    rows = [planner.plan(found) for found in matches]
    decide(rows, timeline, user, publish)
    draft = timeline.get_latest_revision_as_object()
    undated = [row.match.item.slide for row in rows if row.action == Action.ASIDE]
    for_timeline = plan_timeline(draft, file, undated)
    if user and not may_edit(timeline, user):
        words = _("Only the events are imported: you may not change the timeline, or somebody has locked it.")
        has_any = file.title or file.eras or file.options or undated
        for_timeline = TimelinePlan(draft.imported, changes=[words] if has_any else [])

    def plan_again(row: Row) -> Row:
        again = planner.plan_again(row)
        decide([again], timeline, user, publish)
        return again

    return Plan(
        timeline=timeline,
        user=user,
        publish=publish,
        downloads=downloads,
        unsure=unsure,
        rows=rows,
        draft=draft,
        for_timeline=for_timeline,
        changes_timeline=bool(for_timeline.new_eras) or for_timeline.imported != draft.imported,
        revisions=revisions,
        plan_again=plan_again,
    )


def decide(rows: list[Row], timeline: TimelinePage, user: AbstractUser | None, publish: bool) -> None:
    """Decide for each row with an event whether it creates, changes or publishes anything."""
    namer = Namer(timeline, drafts=True)
    namer.load([row.event for row in rows if row.event])
    for row in rows:
        if row.event is None:
            continue
        after = read_event(row.event, namer)
        if row.before is None:
            row.action = Action.CREATE
        else:
            row.changes = [
                field.label for field in FIELDS if not same_value(row.before[field.name], after[field.name])
            ]
            row.action = Action.CHANGE if row.changes else Action.SAME
        if row.is_written:
            row.notes += [problem.words for problem in date_problems(row.event)]
        if publish:
            decide_publishing(row, row.event, user)


def decide_publishing(row: Row, event: EventPage, user: AbstractUser | None) -> None:
    if reason := reason_to_stay_draft(event, user):
        row.stays_draft = True
        if row.is_written:
            row.notes.append(reason)
    elif row.action == Action.SAME and (not event.live or event.has_unpublished_changes):
        row.action = Action.CHANGE
        row.changes = [_("published")]


def reason_to_stay_draft(event: EventPage, user: AbstractUser | None) -> str | None:
    obstacles = {obstacle.path for obstacle in event.obstacles()}
    if "sources" in obstacles:
        return _("Stays a draft, since it has no source.")
    if obstacles:
        return _("Stays a draft, since it has no date or no category.")
    latest = event.latest_revision if event.live and event.has_unpublished_changes else None
    if user and latest and latest.user_id != user.pk:
        return _("Stays a draft, since somebody else has begun to change it.")
    return None
