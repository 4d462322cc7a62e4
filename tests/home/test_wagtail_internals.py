"""Undocumented parts of Wagtail that we use. A failure means that an upgrade of Wagtail changed them."""

import pytest
from django.urls import URLResolver, get_resolver
from wagtail.permission_policies import ModelPermissionPolicy

from home.admin.guards.library import LibraryPolicy
from home.models import Figure, SiteDocument, SiteImage
from home.wagtail_internals import permission_policy

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


def test_snippets_keep_wagtails_policy():
    policy = permission_policy(Figure)
    assert type(policy) is ModelPermissionPolicy
    assert policy.model == Figure
