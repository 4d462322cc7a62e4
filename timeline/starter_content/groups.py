"""The groups of people who write and publish, and what each may do."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from home.models import Figure, GlossaryTerm
from timeline.models import EventCategory

# With the home page and all below it.
PAGES = {
    "Contributors": ["add"],
    "Editors": ["add", "change"],
    "Moderators": ["add", "change", "publish", "lock", "unlock"],
}
# With pictures and documents in every collection.
FILES = {
    "Contributors": ["choose"],
    "Editors": ["add", "change", "choose"],
    "Moderators": ["add", "change", "choose"],
}
# With terms, figures and event categories.
SNIPPETS = {
    "Contributors": [],
    "Editors": ["add", "change"],
    "Moderators": ["add", "change", "delete", "publish"],
}
# With what visitors search for: what editors put first, and what was not found.
PROMOTIONS = [
    ("wagtailsearchpromotions", f"{action}_searchpromotion") for action in ("add", "change", "delete")
]
SEARCHES = {
    "Contributors": [],
    "Editors": [*PROMOTIONS, ("search", "view_missedsearch")],
    "Moderators": [*PROMOTIONS, ("search", "view_missedsearch")],
}


def set_up_groups(home):
    """
    Give Contributors, Editors and Moderators what their work needs, in the place of what Wagtail gave two of
    them for the page above all sites. Its workflow, in which Moderators approve, stays.

    Only for a new site: it takes away what an administrator granted.

    :param home: the HomePage.
    """
    GroupPagePermission.objects.filter(group__name__in=PAGES).delete()
    GroupCollectionPermission.objects.filter(group__name__in=PAGES).delete()
    collection = Collection.get_first_root_node()
    for name in PAGES:
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(
            [
                permission("wagtailadmin", "access_admin"),
                *for_snippets(SNIPPETS[name]),
                *(permission(app, codename) for app, codename in SEARCHES[name]),
            ]
        )
        for action in PAGES[name]:
            group.page_permissions.create(page=home, permission=permission("wagtailcore", f"{action}_page"))
        for granted in for_files(FILES[name]):
            group.collection_permissions.create(collection=collection, permission=granted)


def for_snippets(actions):
    return [
        permission(model._meta.app_label, f"{action}_{model._meta.model_name}")
        for model in (EventCategory, Figure, GlossaryTerm)
        for action in actions
    ]


def for_files(actions):
    # Wagtail asks for those of its own models, whichever models a site has.
    names = [("wagtailimages", "image"), ("wagtaildocs", "document")]
    return [permission(app, f"{action}_{model}") for app, model in names for action in actions]


def permission(app_label, codename):
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)
