"""Signal receivers that log changed fields of accounts and settings, on every path that saves a model."""

from functools import cache

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import AutoField
from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.contrib.settings.registry import registry
from wagtail.models import Site, Task, Workflow, WorkflowContentType, WorkflowPage, WorkflowTask

from home.accounts.log import ACCOUNT, GROUP, SETTING, log_changes
from home.accounts.rights import rights_of
from home.accounts.roles import ADMINISTRATORS
from home.models import ContactPage

# Longer texts are cut in the log.
LONGEST = 500


def connect():
    pre_save.connect(remember, dispatch_uid="home.accounts.changes")
    post_save.connect(log_saved, dispatch_uid="home.accounts.changes")
    post_delete.connect(log_deleted, dispatch_uid="home.accounts.changes")


@cache
def watched():
    """Return the names of the fields whose changes are logged, by model."""
    tasks = [model for model in apps.get_models() if issubclass(model, Task)]
    settings = [*registry, Site, Workflow, WorkflowTask, WorkflowPage, WorkflowContentType, *tasks]
    every = {
        model: [field.name for field in model._meta.concrete_fields if is_told(field)] for model in settings
    }
    return every | {
        Group: ["name"],
        get_user_model(): ["username", "email", "is_active", "is_superuser"],
        ContactPage: ["to_address"],
    }


def is_told(field):
    return not isinstance(field, AutoField) and not getattr(field.remote_field, "parent_link", False)


def remember(sender, instance, raw=False, update_fields=None, **kwargs):
    """Signal receiver: note the stored values before an instance is saved."""
    if (names := watched().get(sender)) and not raw:
        instance.is_new = instance._state.adding
        names = [name for name in names if update_fields is None or name in update_fields]
        instance.before = instance.is_new or not names or stored(sender, instance, names)


def stored(model, instance, names):
    """Return the stored values by the names of the fields."""
    return model._base_manager.filter(pk=instance.pk).values(*names).first() or True


def log_saved(sender, instance, raw=False, **kwargs):
    """Signal receiver: compare an instance that was saved with what was stored before."""
    if raw or sender not in watched():
        return
    before = instance.__dict__.pop("before", True)
    if before is True and not instance.is_new:
        return
    if not instance.is_new:
        log_values(sender, instance, before, values_of(instance, before))
    else:
        # Of a new account, only the rights matter.
        names = ["is_superuser"] if sender is get_user_model() else watched()[sender]
        log_values(sender, instance, {}, values_of(instance, names))


def log_deleted(sender, instance, **kwargs):
    """Signal receiver: log the last values of what was deleted."""
    if names := watched().get(sender):
        log_values(sender, instance, values_of(instance, names), {}, deleted=True)


def values_of(instance, names):
    fields = [instance._meta.get_field(name) for name in names]
    return {field.name: field.to_python(getattr(instance, field.attname)) for field in fields}


def log_values(model, instance, before, after, **fields):
    changes = {}
    for name in before or after:
        old, new = before.get(name), after.get(name)
        if old != new:
            field = model._meta.get_field(name)
            changes[name] = [readable(field, old), readable(field, new)]
    if any(changes.pop("is_superuser", ())) and model is get_user_model():
        rights = rights_of(instance) - {ADMINISTRATORS}
        with_all = sorted(rights | {ADMINISTRATORS})
        pair = [sorted(rights), with_all] if after.get("is_superuser") else [with_all, sorted(rights)]
        changes["rights"] = pair
    # An entry about a part of a workflow names the workflow.
    title = str(getattr(instance, "workflow", instance))
    action = {get_user_model(): ACCOUNT, Group: GROUP}.get(model, SETTING)
    log_changes(instance, action, changes, title=title, **fields)


def readable(field, value):
    """Return a value of a field as people read it."""
    if value is None or value == "":
        return None
    if field.is_relation:
        return str(field.related_model._base_manager.filter(pk=value).first() or value)
    value = dict(field.flatchoices).get(value, value)
    return value if isinstance(value, bool | int) else str(value)[:LONGEST]
