"""The groups and their permissions. docs/permissions.md lists the screens that are open to each group."""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Collection, Page, WorkflowContentType

from home.accounts.changes import as_one_change

# Permissions for the home page and its descendants. "add" includes changing one's own pages.
PAGES = {
    "Contributors": ["add"],
    "Editors": ["add", "change"],
    "Moderators": ["add", "change", "publish", "lock", "unlock"],
}
# Permissions for images and files in every collection. Here, too, "add" includes changing one's own.
FILES = {
    "Contributors": ["add", "choose"],
    "Editors": ["add", "change", "choose"],
    "Moderators": ["add", "change", "choose"],
}
# Permissions for other models. Only administrators set where "Exit this page" leads: people rely on it.
SEARCH = {
    "wagtailsearchpromotions.searchpromotion": ["add", "change", "delete"],
    "search.missedsearch": ["view"],
}
SNIPPETS = ["home.figure", "home.glossaryterm", "timeline.eventcategory"]
MODELS = {
    "Contributors": {name: ["add"] for name in ("home.figure", "home.glossaryterm")},
    "Editors": {name: ["add", "change"] for name in SNIPPETS} | SEARCH,
    "Moderators": {
        **{name: ["add", "change", "delete", "publish", "lock", "unlock"] for name in SNIPPETS},
        "timeline.embedsettings": ["change"],
        "wagtailredirects.redirect": ["add", "change", "delete"],
        **SEARCH,
    },
}


def set_up_groups(*homes):
    """
    Give Contributors, Editors and Moderators the permissions above and revoke all others, including those
    that Wagtail or an administrator granted. Wagtail's workflow, in which Moderators approve, stays.

    :param homes: the HomePage of each language.
    """
    collection = Collection.get_first_root_node()
    for name in PAGES:
        group, _created = Group.objects.get_or_create(name=name)
        with as_one_change(group):
            set_up_group(group, homes, collection)
    # Figures, terms and categories are reviewed as pages are, unless an administrator has chosen otherwise.
    if workflow := Page.get_first_root_node().get_workflow():
        for name in SNIPPETS:
            kind = ContentType.objects.get_for_model(apps.get_model(name))
            WorkflowContentType.objects.get_or_create(content_type=kind, defaults={"workflow": workflow})


def set_up_group(group, homes, collection):
    group.permissions.set([permission("wagtailadmin.admin", "access"), *for_models(MODELS[group.name])])
    group.page_permissions.all().delete()
    for home in homes:
        for action in PAGES[group.name]:
            group.page_permissions.create(page=home, permission=permission("wagtailcore.page", action))
    group.collection_permissions.all().delete()
    # Wagtail checks the permissions of its own models, even if a site replaces the models.
    for granted in for_models(
        dict.fromkeys(["wagtailimages.image", "wagtaildocs.document"], FILES[group.name])
    ):
        group.collection_permissions.create(collection=collection, permission=granted)


def for_models(actions_by_model):
    return [permission(model, action) for model, actions in actions_by_model.items() for action in actions]


def permission(model, action):
    app_label, _dot, name = model.partition(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=f"{action}_{name}")
