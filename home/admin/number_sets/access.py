"""Rules about who may add numbers to which figures."""

from django.db.models import Q

from home.admin.guards.own_drafts import OwnDraftsPolicy
from home.models import Figure

figure_permissions = OwnDraftsPolicy(Figure)


def can_change_all(user):
    return figure_permissions.may_change_all(user)


def can_add_numbers(user):
    return figure_permissions.user_has_permission(user, "change")


def open_figures(user):
    """
    Return the figures that a user may add numbers to.

    The form shows the latest draft. People who may not read it can add to a figure without one, and to
    their own.
    """
    if can_change_all(user):
        return Figure.objects.originals()
    if not can_add_numbers(user):
        return Figure.objects.none()
    hers = figure_permissions.instances_user_has_permission_for(user, "change")
    originals = Figure.objects.originals()
    return originals.filter(Q(live=True, has_unpublished_changes=False) | Q(pk__in=hers.values("pk")))
