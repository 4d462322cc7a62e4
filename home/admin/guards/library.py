"""Permissions for images and files that published pages show."""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex
from wagtail.permission_policies.collections import (
    CollectionOwnershipPermissionPolicy,
    CollectionPermissionPolicy,
)
from wagtail.permissions import page_permission_policy

from home.wagtail_internals import set_library_policy


class LibraryPolicy(CollectionOwnershipPermissionPolicy):
    """
    A policy that protects images and files in use, since they have no drafts: visitors see a change at once.

    Only users who may publish delete them. Only these, and users who may change other people's uploads,
    change them. Others may not, even if they own the file.
    """

    def user_has_permission_for_instance(self, user, action, instance):
        if not super().user_has_permission_for_instance(user, action, instance):
            return False
        if action not in ("change", "delete") or page_permission_policy.user_has_permission(user, "publish"):
            return True
        if action == "change":
            # Unlike the policy of this class, this one gives the owner no rights.
            regardless_of_owner = CollectionPermissionPolicy(self.model, self.auth_model)
            if regardless_of_owner.user_has_permission_for_instance(user, action, instance):
                return True
        return not is_published(instance)


def is_published(file):
    """Return whether visitors see an image or file: on a live page, or in a snippet such as a figure."""
    used = ReferenceIndex.get_references_to(file)
    by_pages = used.filter(base_content_type=ContentType.objects.get_for_model(Page))
    pages = [int(pk) for pk in by_pages.values_list("object_id", flat=True)]
    return used.exclude(pk__in=by_pages).exists() or Page.objects.live().filter(pk__in=pages).exists()


set_library_policy(LibraryPolicy)
