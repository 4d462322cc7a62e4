"""Parts of Wagtail that it doesn't document, or that have another name in Wagtail 7.4 than in 8."""

from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.permission_policies import ModelPermissionPolicy

try:
    from wagtail.permissions import policy_registry, register_permission_policy
except ImportError:  # Wagtail 7.4
    policy_registry = register_permission_policy = None

# The title in a preview if the editor entered none.
PLACEHOLDER_TITLE = "Placeholder title"


def previewed_form(view):
    """Return the form that the user last sent to a view for previews, and when; None and None without one."""
    state = view._get_form_state()
    return (view.get_form(view._get_form_data(state)), state.last_updated_at) if state else (None, None)


def replace_method(owner, name, function):
    """Replace a method of Wagtail for which it has no setting. Raises RuntimeError if it is gone."""
    if name not in vars(owner):
        raise RuntimeError(
            f"After an upgrade, Wagtail has no {owner.__name__}.{name} that {function.__module__} could "
            "replace. Find out what does the same now, and replace that."
        )
    setattr(owner, name, function)


def find_redirect(request, path):
    """Return Wagtail's redirect from a percent-encoded path, with or without a query string; or None."""
    return get_redirect(request, Redirect.normalise_path(path, decode_unicode=False))


def permission_policy(model):
    """Return the policy of Wagtail's views for images, files or a snippet, once all apps are ready."""
    if policy_registry is not None:
        return policy_registry.get_by_type(model)
    if screens := getattr(model, "snippet_viewset", None):
        return screens.permission_policy
    return _library_policies().get(model) or ModelPermissionPolicy(model)


def set_snippet_policy(model, policy):
    """Register the policy of a snippet. Wagtail 7.4 takes it from the snippet's screens instead."""
    if register_permission_policy is not None:
        register_permission_policy(model, policy, exact_class=True)


def set_library_policy(policy_class):
    """Make Wagtail's views use a subclass of CollectionOwnershipPermissionPolicy for images and files."""
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


def set_parent(page, parent):
    """Tell a page its parent, so that `get_parent` takes no query."""
    page._cached_parent_obj = parent


def remember_dimensions(image):
    """Give the file of an image the size that the database knows, so that checking a form doesn't open it."""
    image.file._dimensions_cache = image.width, image.height


def __getattr__(name):
    # These views can only be imported when all models are loaded, but models import this module.
    if name in ("PreviewOnCreateView", "PreviewOnEditView"):
        from wagtail.admin.views.pages import preview

        return getattr(preview, name, None) or getattr(preview, name.removesuffix("View"))  # Wagtail 7.4
    raise AttributeError(name)


class ImageFileHook:
    """An image whose `set_file_metadata` replaces the method by which Wagtail notes the size and hash."""

    measure = AbstractImage._set_image_file_metadata

    def _set_image_file_metadata(self):
        self.set_file_metadata()


class DocumentFileHook:
    """A document whose `set_file_metadata` replaces the method by which Wagtail notes the size and hash."""

    measure = AbstractDocument._set_document_file_metadata

    def _set_document_file_metadata(self):
        self.set_file_metadata()
