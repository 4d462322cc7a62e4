"""The library: a published page keeps what it shows until somebody decides who may."""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import page_permission_policy

from home.wagtail_internals import set_library_policy


class LibraryPolicy(CollectionOwnershipPermissionPolicy):
    """
    A picture or file has no draft: what is done to it reaches visitors at once. So what is published is
    deleted only by those who publish, and changed by them and by those who may change what others uploaded,
    no longer by whoever may only add, be it her own.
    """

    def user_has_permission_for_instance(self, user, action, instance):
        if not super().user_has_permission_for_instance(user, action, instance):
            return False
        if action not in ("change", "delete") or page_permission_policy.user_has_permission(user, "publish"):
            return True
        if action == "change" and self._check_perm(user, ["change"], collection=instance.collection):
            return True
        return not is_published(instance)


def is_published(file):
    """Whether visitors see a picture or file: on a live page, or by what is no page, such as a figure."""
    used = ReferenceIndex.get_references_to(file)
    by_pages = used.filter(base_content_type=ContentType.objects.get_for_model(Page))
    pages = [int(pk) for pk in by_pages.values_list("object_id", flat=True)]
    return used.exclude(pk__in=by_pages).exists() or Page.objects.live().filter(pk__in=pages).exists()


set_library_policy(LibraryPolicy)
