"""Parts of Wagtail that it doesn't document, or that have another name in Wagtail 7.4 than in 8."""

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.permission_policies import ModelPermissionPolicy

try:
    from wagtail.permissions import policy_registry, register_permission_policy
except ImportError:  # Wagtail 7.4
    policy_registry = register_permission_policy = None

try:
    from wagtail.admin.views.pages.preview import PreviewOnCreateView, PreviewOnEditView
except ImportError:  # Wagtail 7.4
    from wagtail.admin.views.pages.preview import PreviewOnCreate as PreviewOnCreateView
    from wagtail.admin.views.pages.preview import PreviewOnEdit as PreviewOnEditView

__all__ = ["PreviewOnCreateView", "PreviewOnEditView", "permission_policy", "set_library_policy"]


def permission_policy(model):
    """Return the policy of Wagtail's views for images, files or a snippet, once all apps are ready."""
    if policy_registry is not None:
        return policy_registry.get_by_type(model)
    return _library_policies().get(model) or ModelPermissionPolicy(model)


def set_library_policy(policy_class):
    """
    Make Wagtail's views use a permission policy for images and files.

    :param policy_class: a subclass of `CollectionOwnershipPermissionPolicy`.
    """
    if register_permission_policy is None:
        for policy in _library_policies().values():
            # Wagtail's views have imported these objects.
            policy.__class__ = policy_class
        return
    for model, auth_model in (
        (get_image_model(), "wagtailimages.Image"),
        (get_document_model(), "wagtaildocs.Document"),
    ):
        policy = policy_class(model, auth_model=auth_model, owner_field_name="uploaded_by_user")
        # Wagtail registers its own policies without `exact_class`, so ours win in whatever order apps load.
        register_permission_policy(model, policy, exact_class=True)


def _library_policies():
    """Return the policies of Wagtail 7.4 for images and files, by model."""
    from wagtail.documents import permissions as documents
    from wagtail.images import permissions as images

    return {get_image_model(): images.permission_policy, get_document_model(): documents.permission_policy}
