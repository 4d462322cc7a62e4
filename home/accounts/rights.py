"""Rights of people and groups, as the log shows them."""

from django.contrib.auth.models import Group
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from home.accounts.roles import ADMINISTRATORS


def rights_of(person):
    """Return the names of a person's groups, and of permissions that the person has besides them."""
    return {
        *({ADMINISTRATORS} if person.is_superuser else ()),
        *map(name_of, person.groups.all()),
        *map(name_of, person.user_permissions.select_related("content_type")),
    }


def grants(group):
    """Return the permissions of a group as strings, with the page or collection that each is for."""
    return {
        *map(name_of, group.permissions.select_related("content_type")),
        *map(name_of, group.page_permissions.select_related("page", "permission")),
        *map(name_of, group.collection_permissions.select_related("collection", "permission")),
    }


def approvers(task):
    return set(map(name_of, task.groups.all()))


def name_of(thing):
    match thing:
        case Group():
            return thing.name
        case GroupPagePermission():
            return f"{thing.permission.codename} at {thing.page.title}"
        case GroupCollectionPermission():
            return f"{thing.permission.codename} in {thing.collection}"
    return f"{thing.content_type.app_label}.{thing.codename}"
