"""The roles that a person can have. leadwatch/groups.py gives them their permissions."""

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

ADMINISTRATORS = "Administrators"
# Each role with its label and what it allows, beginning with the one that allows least. All but the last are
# groups.
ROLES = {
    "Contributors": (
        _("Contributor"),
        _("Writes drafts, adds images and files, and submits them for review. Changes only their own work."),
    ),
    "Editors": (
        _("Editor"),
        _("Also changes what others wrote or uploaded, and event categories. Cannot publish."),
    ),
    "Moderators": (
        _("Moderator"),
        _("Also reviews, publishes and deletes pages, and reads the messages that visitors send."),
    ),
    ADMINISTRATORS: (
        _("Administrator"),
        _("May do everything, including accounts and settings. Two or three people are enough."),
    ),
}


def role_of(person):
    """Return the role that allows most, or an empty string."""
    if person.is_superuser:
        return ADMINISTRATORS
    names = {group.name for group in person.groups.all()}
    return next((name for name in reversed(ROLES) if name in names), "")


def label_of(role):
    return ROLES[role][0] if role else ""


def groups_with(role, others):
    """Return the groups of a person who has a role and some groups that are no role."""
    return [*Group.objects.filter(name=role), *others]


def give_role(person, role):
    """Replace the role of a person. Groups that are no role stay."""
    person.is_superuser = role == ADMINISTRATORS
    person.save(update_fields=["is_superuser"])
    person.groups.set(groups_with(role, person.groups.exclude(name__in=ROLES)))


def may_manage(user, person):
    """Return whether a user may change the role and state of a person's account."""
    may_change = user.has_perm(f"{person._meta.app_label}.change_{person._meta.model_name}")
    return may_change and user != person and (user.is_superuser or not person.is_superuser)
