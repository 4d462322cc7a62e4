"""Timelines into which somebody may take events."""

from timeline.models import TimelinePage

__all__ = ["timelines_of", "timelines_with_drafts_for"]


def timelines_of(user):
    """The timelines to which the user may add events. A copy that is shown elsewhere (an alias) is none."""
    own = TimelinePage.objects.filter(alias_of=None)
    return [page for page in own if page.permissions_for_user(user).can_add_subpage()]


def timelines_with_drafts_for(user):
    """The timelines of which the user may also read what others wrote and nobody has published."""
    return [page for page in timelines_of(user) if page.permissions_for_user(user).can_edit()]
