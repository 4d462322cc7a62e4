"""
The groups and their permissions. docs/permissions.md lists the screens that are open to each group.

If a group gets a permission, add a migration to this app with `brings_permissions = True` and no operations.
"""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Collection, Page, WorkflowContentType

from home.accounts.changes import as_one_change
from home.models import HomePage

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
    "Contributors": {name: ["add"] for name in ("home.figure", "home.glossaryterm", "home.keptcopy")},
    "Editors": {name: ["add", "change"] for name in SNIPPETS} | {"home.keptcopy": ["add"]} | SEARCH,
    "Moderators": {
        **{name: ["add", "change", "delete", "publish", "lock", "unlock"] for name in SNIPPETS},
        # To change one is to decide whether visitors read it.
        "home.keptcopy": ["add", "change", "delete"],
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
    for name in PAGES:
        group, _created = Group.objects.get_or_create(name=name)
        with as_one_change(group):
            group.permissions.clear()
            group.page_permissions.all().delete()
            group.collection_permissions.all().delete()
            grant(group, homes)
    set_up_reviews()


def bring_permissions(plan=(), **kwargs):
    """
    After migrations that bring permissions, grant them to the groups of an existing site.

    What an administrator granted besides stays. What she revoked stays so, unless the upgrade brings some.
    """
    homes = HomePage.objects.all()
    if any(getattr(each, "brings_permissions", False) for each, _backwards in plan) and homes:
        for group in Group.objects.filter(name__in=PAGES):
            with as_one_change(group):
                grant(group, homes)
        set_up_reviews()


def set_up_reviews():
    """Review figures, terms and categories as pages are, unless an administrator has chosen otherwise."""
    if workflow := Page.get_first_root_node().get_workflow():
        for name in SNIPPETS:
            kind = ContentType.objects.get_for_model(apps.get_model(name))
            WorkflowContentType.objects.get_or_create(content_type=kind, defaults={"workflow": workflow})


def grant(group, homes):
    group.permissions.add(permission("wagtailadmin.admin", "access"), *for_models(MODELS[group.name]))
    for home in homes:
        for action in PAGES[group.name]:
            group.page_permissions.get_or_create(page=home, permission=permission("wagtailcore.page", action))
    collection = Collection.get_first_root_node()
    # Wagtail checks the permissions of its own models, even if a site replaces the models.
    for granted in for_models(
        dict.fromkeys(["wagtailimages.image", "wagtaildocs.document"], FILES[group.name])
    ):
        group.collection_permissions.get_or_create(collection=collection, permission=granted)


def for_models(actions_by_model):
    return [permission(model, action) for model, actions in actions_by_model.items() for action in actions]


def permission(model, action):
    app_label, _dot, name = model.partition(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=f"{action}_{name}")
