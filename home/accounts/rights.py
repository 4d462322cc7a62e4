"""Rights of people and groups, and the signal receivers that log when they change."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from wagtail.models import GroupApprovalTask, GroupCollectionPermission, GroupPagePermission

from home.accounts.log import ACCOUNT, GROUP, SETTING, log_changes
from home.accounts.roles import ADMINISTRATORS

# The groups whose permissions are compared before and after, instead of at each signal.
compared = ContextVar("compared", default=frozenset())


def rights_of(person):
    """Return the names of a person's groups, and of permissions that the person has besides them."""
    return {
        *({ADMINISTRATORS} if person.is_superuser else ()),
        *map(name_of, person.groups.all().order_by()),
        *map(name_of, person.user_permissions.all()),
    }


def grants(group):
    """Return the permissions of a group as strings, with the page or collection that each is for."""
    return {
        *map(name_of, group.permissions.select_related("content_type")),
        *map(name_of, group.page_permissions.select_related("page", "permission")),
        *map(name_of, group.collection_permissions.select_related("collection", "permission")),
    }


def name_of(thing):
    match thing:
        case Group():
            return thing.name
        case GroupPagePermission():
            return f"{thing.permission.codename} at {thing.page.title}"
        case GroupCollectionPermission():
            return f"{thing.permission.codename} in {thing.collection}"
    return f"{thing.content_type.app_label}.{thing.codename}"


def approvers(task):
    return set(map(name_of, task.groups.all()))


def many_to_many():
    """Return, by table, the owner's model, its attribute, and the action, name and value to log."""
    person = get_user_model()
    rights = (ACCOUNT, "rights", rights_of)
    return {
        person.groups.through: (person, "groups", *rights),
        person.user_permissions.through: (person, "user_permissions", *rights),
        Group.permissions.through: (Group, "permissions", GROUP, "permissions", grants),
        GroupApprovalTask.groups.through: (GroupApprovalTask, "groups", SETTING, "groups", approvers),
    }


def connect():
    for through in many_to_many():
        m2m_changed.connect(log_many_to_many, sender=through)
    pre_delete.connect(log_lost_group, sender=Group)
    for model in (GroupPagePermission, GroupCollectionPermission):
        post_save.connect(log_granted, sender=model)
        post_delete.connect(log_revoked, sender=model)


@contextmanager
def as_one_change(group):
    """Log what happens to a group's permissions as one change. Those created in bulk send no signals."""
    before = grants(group) if group.pk else set()
    token = compared.set(compared.get() | {group.pk})
    try:
        yield
    finally:
        compared.reset(token)
    if group.pk:
        log_pair(group, GROUP, "permissions", before, grants(group))


def log_many_to_many(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Signal receiver: log that a person joined or left a group, or that a group's permissions changed."""
    if action not in ("post_add", "pre_remove", "pre_clear"):
        return
    owner_model, attribute, log_action, name, value = many_to_many()[sender]
    if reverse:
        chosen = {attribute: instance} if pk_set is None else {"pk__in": pk_set}
        owners = owner_model.objects.filter(**chosen)
    else:
        owners = [instance]
    for owner in owners:
        if owner_model is Group and owner.pk in compared.get():
            continue
        if reverse:
            parts = [instance]
        else:
            parts = getattr(owner, attribute).all() if pk_set is None else model.objects.filter(pk__in=pk_set)
        now, parts = value(owner), set(map(name_of, parts))
        pair = (now - parts, now) if action == "post_add" else (now, now - parts)
        log_pair(owner, log_action, name, *pair)


def log_lost_group(sender, instance, **kwargs):
    """Signal receiver: log that the members of a group lose it, since no other signal tells so."""
    for person in instance.user_set.all():
        rights = rights_of(person)
        log_pair(person, ACCOUNT, "rights", rights, rights - {instance.name})


def log_granted(sender, instance, raw=False, **kwargs):
    """Signal receiver: log a new permission of a group for a page or a collection."""
    if not raw and instance.group_id not in compared.get():
        now = grants(instance.group)
        log_pair(instance.group, GROUP, "permissions", now - {name_of(instance)}, now)


def log_revoked(sender, instance, **kwargs):
    """Signal receiver: log that a group lost a permission for a page or a collection."""
    if instance.group_id not in compared.get():
        now = grants(instance.group)
        log_pair(instance.group, GROUP, "permissions", now | {name_of(instance)}, now)


def log_pair(instance, action, name, old, new):
    log_changes(instance, action, {name: [sorted(old), sorted(new)]})
