"""Timelines to which a user may add events."""

from timeline.models import TimelinePage


def timelines_of(user):
    """Return the timelines to which the user may add events, without aliases."""
    own = TimelinePage.objects.filter(alias_of=None)
    return [page for page in own if page.permissions_for_user(user).can_add_subpage()]


def timelines_with_drafts_for(user):
    """Return those of the timelines whose drafts by other users the user may also read."""
    return [page for page in timelines_of(user) if page.permissions_for_user(user).can_edit()]
