"""Write uploaded images again, in a child process."""

from base64 import b64encode
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from home.files.child import JobFailed, run_job
from home.files.images import MAX_OPENED

# Pixels of the preview of an image.
PREVIEW = 400 * 300


def clean_image(file):
    """
    Return the format of an image, such as "jpeg", and the image as a ContentFile without metadata and not too
    large. Its format may be another one. Its `changes` are sentences for the person who uploads it.

    :raises ValidationError: if it has too many pixels. The message names both numbers.
    :raises JobFailed: if it is damaged or not an image.
    """
    result = run_job("image", file, max_stored=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
    image_format, size, moves, new_format, new_size = result.answer
    if not result.content:
        raise ValidationError(
            _("This image has %(size)s pixels. The limit is %(most)s million."),
            params={"size": in_pixels(size), "most": MAX_OPENED // 1_000_000},
        )
    name = PurePath(file.name)
    if new_format != image_format:
        name = name.with_suffix(f".{new_format.replace('jpeg', 'jpg')}")
    clean = ContentFile(result.content, name=str(name))
    clean.changes = [*changes_of(size, moves, new_size)]
    return image_format, clean


def preview_of(file):
    """Return a small copy of an image as an address with its content; empty if it cannot be made."""
    try:
        result = run_job("image", file, max_stored=PREVIEW)
    except JobFailed:
        return ""
    return f"data:image/{result.answer[3]};base64,{b64encode(result.content).decode()}"


def in_pixels(size):
    return "{:,} × {:,}".format(*size)


def changes_of(size, moves, new_size):
    """Yield what a person would see that is different in the stored image."""
    if moves:
        yield _("This was a moving image. Only its beginning is kept.")
    # A photo that was turned is as large as before.
    if sorted(new_size) != sorted(size):
        words = _("The image was scaled down from %(before)s to %(after)s pixels.")
        yield words % {"before": in_pixels(size), "after": in_pixels(new_size)}
