"""Signal receivers that log changes of accounts, rights and settings, on every path that saves them."""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import AutoField
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from wagtail import models
from wagtail.contrib.settings.registry import registry

from home.accounts.log import ACCOUNT, GROUP, SETTING, log_changes
from home.accounts.rights import approvers, grants, rights_of
from home.models import ContactPage, User

# Longer texts are cut in the log.
LONGEST = 500
# What is logged besides fields: functions that return it, by name.
SETS = {
    User: {"rights": rights_of},
    Group: {"permissions": grants},
    models.GroupApprovalTask: {"groups": approvers},
}
# Where it is stored.
GRANTED = models.GroupPagePermission, models.GroupCollectionPermission
RELATED = {
    related.through: related.field
    for related in (User.groups, User.user_permissions, Group.permissions, models.GroupApprovalTask.groups)
}
# The groups that are compared before and after, instead of at each signal.
compared = ContextVar("compared", default=())


def connect():
    for model in (*watched(), *GRANTED):
        for before, after in ((pre_save, post_save), (pre_delete, post_delete)):
            before.connect(remember, sender=model)
            after.connect(compare, sender=model)
    for through in RELATED:
        m2m_changed.connect(relation_changed, sender=through)


@cache
def watched():
    """Return the names of the fields whose changes are logged, by model."""
    settings = {*registry, models.Site, models.Workflow, models.WorkflowTask}
    settings |= {models.WorkflowPage, models.WorkflowContentType}
    settings |= {model for model in apps.get_models() if issubclass(model, models.Task)}
    return {
        model: [field.name for field in filter(is_told, model._meta.concrete_fields)] for model in settings
    } | {
        Group: ["name"],
        User: ["username", "email", "is_active", "is_superuser"],
        ContactPage: ["to_address"],
    }


def is_told(field):
    return not isinstance(field, AutoField) and not getattr(field.remote_field, "parent_link", False)


def snapshot(instance):
    """Return what is stored of an instance, by name: only empty sets if it is not stored."""
    model = type(instance)
    stored = model._base_manager.filter(pk=instance.pk).first()
    fields = [model._meta.get_field(name) for name in watched()[model]] if stored else []
    sets = {name: sorted(value(stored)) if stored else [] for name, value in SETS.get(model, {}).items()}
    return {field.name: field.value_from_object(stored) for field in fields} | sets


def remember(sender, instance, raw=False, update_fields=None, **kwargs):
    """Signal receiver: note what is stored before a change."""
    instance.is_new = instance._state.adding
    if not raw and (update_fields is None or not update_fields.isdisjoint(watched().get(sender, ()))):
        owners = owners_of(sender, instance, **kwargs)
        instance.before = [(owner, snapshot(owner)) for owner in owners if owner not in compared.get()]


def owners_of(sender, instance, signal, reverse=False, pk_set=None, **kwargs):
    """Return the people, groups and settings that a signal is about."""
    if sender in GRANTED:
        return [instance.group]
    if sender is Group and signal is pre_delete:
        return [instance, *instance.user_set.all()]
    if reverse:
        field = RELATED[sender]
        return field.model.objects.filter(**{field.name: instance} if pk_set is None else {"pk__in": pk_set})
    return [instance]


def compare(instance, **kwargs):
    """Signal receiver: log what is different after a change."""
    for owner, before in instance.__dict__.pop("before", ()):
        log_difference(owner, before)


def relation_changed(action, **kwargs):
    """Signal receiver: log who joined or left a group, and changed permissions and approvers."""
    (remember if action.startswith("pre_") else compare)(**kwargs)


@contextmanager
def as_one_change(group):
    """Log what happens to a group as one change. Permissions that are created in bulk send no signals."""
    before, token = snapshot(group), compared.set((*compared.get(), group))
    try:
        yield
    finally:
        compared.reset(token)
    log_difference(group, before)


def log_difference(owner, before):
    model, after = type(owner), snapshot(owner)
    # Of a new account, only the rights matter.
    names = before if model is User and before.keys() < after.keys() else before | after
    changes = {
        name: [readable(model, name, before.get(name)), readable(model, name, after.get(name))]
        for name in names
        # Administrators have a right of that name.
        if name != "is_superuser" and before.get(name) != after.get(name)
    }
    action = {User: ACCOUNT, Group: GROUP}.get(model, SETTING)
    # An entry about a part of a workflow names the workflow.
    title = str(getattr(owner, "workflow", owner))
    log_changes(owner, action, changes, title=title, deleted=after.keys() < before.keys())


def readable(model, name, value):
    """Return a value as people read it."""
    if isinstance(value, list):
        return value
    if value is None or value == "":
        return None
    field = model._meta.get_field(name)
    if field.is_relation:
        return str(field.related_model._base_manager.filter(pk=value).first() or value)
    value = dict(field.flatchoices).get(value, value)
    return value if isinstance(value, bool | int) else str(value)[:LONGEST]
