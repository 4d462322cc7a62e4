"""Rows that a site needs in a database which a transactional test has emptied."""


def make_wagtail_basics():
    """Create the rows of Wagtail's migrations. A transactional test leaves an empty database."""
    from django.contrib.auth.models import Group
    from wagtail.models import (
        Collection,
        GroupApprovalTask,
        Locale,
        Page,
        Site,
        Workflow,
        WorkflowPage,
        WorkflowTask,
    )

    locale, _new = Locale.objects.get_or_create(language_code="en")
    Locale.objects.get_or_create(language_code="es")
    if not Page.objects.exists():
        root = Page.add_root(title="Root", slug="root", locale=locale)
        welcome = root.add_child(title="Welcome", slug="home", locale=locale)
        Site.objects.create(root_page=welcome, is_default_site=True)
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    if not Workflow.objects.exists():
        moderators, _new = Group.objects.get_or_create(name="Moderators")
        task = GroupApprovalTask.objects.create(name="Moderators approval")
        task.groups.add(moderators)
        workflow = Workflow.objects.create(name="Moderators approval")
        WorkflowTask.objects.create(workflow=workflow, task=task)
        WorkflowPage.objects.create(workflow=workflow, page=Page.get_first_root_node())


def default_site(live_server):
    from wagtail.models import Site

    host, _colon, port = live_server.url.removeprefix("http://").partition(":")
    Site.objects.filter(is_default_site=True).update(hostname=host, port=port)
    Site.clear_site_root_paths_cache()
