"""Undocumented parts of Wagtail that we use. A failure means that an upgrade of Wagtail changed them."""

import inspect

import pytest
from django.urls import URLResolver, get_resolver
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.views import multiple as documents
from wagtail.images.views import multiple as images

from home.admin.guards.library import LibraryPolicy
from home.admin.guards.own_drafts import OwnDraftsPolicy
from home.models import Figure, SiteDocument, SiteImage
from home.wagtail_internals import (
    PLACEHOLDER_TITLE,
    PreviewOnCreateView,
    PreviewOnEditView,
    find_redirect,
    permission_policy,
    replace_method,
    set_parent,
)
from timeline.models import EventPage, TimelinePage

LIBRARY_NAMESPACES = {"wagtailimages", "wagtaildocs"}


def library_views(resolver=None, inside=False):
    """Yield Wagtail's class-based views for images and files."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from library_views(pattern, inside or pattern.namespace in LIBRARY_NAMESPACES)
        elif inside and hasattr(pattern.callback, "view_class"):
            yield pattern.callback.view_class(**pattern.callback.view_initkwargs)


def test_wagtails_views_ask_our_policy_for_images_and_files():
    policies = {
        f"{type(view).__module__}.{type(view).__name__}": view.permission_policy
        for view in library_views()
        if getattr(view, "permission_policy", None)
    }
    assert len(policies) > 10, "Wagtail's views for images and files no longer have a permission policy."
    unprotected = [name for name, policy in policies.items() if not isinstance(policy, LibraryPolicy)]
    assert not unprotected, (
        "After this upgrade of Wagtail, these views let people change published images and files that they "
        f"may not change. Look at set_library_policy in home/wagtail_internals.py: {unprotected}"
    )


@pytest.mark.parametrize("model", [SiteImage, SiteDocument])
def test_our_policy_for_images_and_files_is_found_by_model(model):
    policy = permission_policy(model)
    assert isinstance(policy, LibraryPolicy)
    assert policy.model == model


def test_snippets_have_the_policy_of_their_screens():
    policy = permission_policy(Figure)
    assert policy is Figure.snippet_viewset.permission_policy
    assert type(policy) is OwnDraftsPolicy
    assert policy.model == Figure


def test_wagtails_preview_still_has_the_placeholder_title():
    source = inspect.getsource(inspect.getmodule(PreviewOnEditView))
    assert f'"{PLACEHOLDER_TITLE}"' in source, (
        "This upgrade of Wagtail shows another title for a page without one. The checks beside the preview "
        "would no longer ask for a title. Look at PLACEHOLDER_TITLE in home/wagtail_internals.py."
    )


@pytest.mark.parametrize("view", [PreviewOnCreateView, PreviewOnEditView])
@pytest.mark.parametrize("name", ["_get_form_state", "_get_form_data"])
def test_wagtails_preview_still_keeps_the_form(view, name):
    assert hasattr(view, name), (
        f"After this upgrade, Wagtail's previews have no {name}, which the checks beside the preview need. "
        "Look at previewed_form in home/wagtail_internals.py."
    )


def test_a_method_that_wagtail_no_longer_has_is_not_replaced_silently():
    class Mixin:
        pass

    with pytest.raises(RuntimeError, match=r"no .*Mixin\.as_spreadsheet"):
        replace_method(Mixin, "as_spreadsheet", test_snippets_have_the_policy_of_their_screens)


@pytest.mark.django_db
def test_a_page_that_knows_its_parent_takes_no_query(django_assert_num_queries):
    event = EventPage(path="000100010001", depth=3)
    parent = TimelinePage(path="00010001", depth=2)
    set_parent(event, parent)
    with django_assert_num_queries(0):
        assert event.get_parent() is parent, (
            "After this upgrade, treebeard caches parents in another way. Look at set_parent in "
            "home/wagtail_internals.py."
        )


@pytest.mark.parametrize("method", ["_set_image_file_metadata", "_set_document_file_metadata"])
def test_wagtail_notes_the_size_of_new_files_by_the_methods_that_we_replace(method):
    source = "".join(inspect.getsource(module) for module in (images, documents))
    assert f".{method}()" in source, (
        f"After this upgrade, Wagtail's forms no longer call {method}, so the views for multiple uploads may "
        "store files with their metadata. Look at home/wagtail_internals.py."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/old", "/old/", "/caf%C3%A9/", "/old/?page=2"])
def test_wagtails_redirects_are_found_by_path(rf, path):
    for old in ("/old", "/café", "/old?page=2"):
        Redirect.objects.create(old_path=old, redirect_link="/new/")
    assert find_redirect(rf.get(path), path), (
        "After this upgrade, Wagtail finds redirects in another way. Look at find_redirect in "
        "home/wagtail_internals.py."
    )
    assert find_redirect(rf.get("/other/"), "/other/") is None
