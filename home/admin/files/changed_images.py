"""Tell an editor what was changed in an image to store it, in each form for uploads, and what was not."""

from functools import wraps

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.generic.multiple_upload import AddView
from wagtail.images.views.chooser import ImageUploadViewMixin
from wagtail.images.views.images import EditView

from home.files.cleaning import preview_of
from home.wagtail_internals import replace_method


def changes_of(request):
    return [words for file in request.FILES.values() for words in getattr(file, "changes", [])]


def tell(request, image):
    if changes := changes_of(request):
        messages.info(request, f"{image.title}: {' '.join(changes)}")


@wraps(AddView.get_edit_upload_response_data)
def dropped(view, stock=AddView.get_edit_upload_response_data):
    """Show the image and its changes above the form that a dropped image opens. Browsers show no HEIC."""
    data = stock(view)
    [file] = view.request.FILES.values()
    clean = getattr(file, "clean", None)
    context = {"changes": changes_of(view.request), "preview": clean and preview_of(clean)}
    return data | {"form": render_to_string("home/admin/dropped_image.html", context) + data["form"]}


@wraps(ImageUploadViewMixin.post)
def chosen(view, request, stock=ImageUploadViewMixin.post):
    """Show the changes on the next screen, since the chooser closes at once."""
    response = stock(view, request)
    if view.form.is_valid():
        tell(request, view.form.instance)
    return response


@wraps(EditView.get_success_message)
def replaced(view, stock=EditView.get_success_message):
    tell(view.request, view.object)
    changed = view.form.changed_data
    if view.object.descriptions and "description" in changed and "descriptions" not in changed:
        messages.warning(
            view.request,
            _("The description in other languages was not changed. Check whether it still says the same."),
        )
    return stock(view)


replace_method(AddView, "get_edit_upload_response_data", dropped)
replace_method(ImageUploadViewMixin, "post", chosen)
replace_method(EditView, "get_success_message", replaced)
