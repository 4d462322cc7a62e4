"""Write uploaded images again, in a child process."""

from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from home.files.child import run_job
from home.files.images import MAX_OPENED


def clean_image(file):
    """
    Return the format of an image, such as "jpeg", and the image as a ContentFile without metadata and not too
    large. Its format may be another one.

    :raises ValidationError: if it has too many pixels. The message names both numbers.
    :raises JobFailed: if it is damaged or not an image.
    """
    result = run_job("image", file, max_stored=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
    image_format, width, height, new_format = result.answer
    if not result.content:
        raise ValidationError(
            _("This image has %(size)s pixels. The limit is %(most)s million."),
            params={"size": f"{width:,} × {height:,}", "most": MAX_OPENED // 1_000_000},
        )
    name = PurePath(file.name)
    if new_format != image_format:
        name = name.with_suffix(f".{new_format.replace('jpeg', 'jpg')}")
    return image_format, ContentFile(result.content, name=str(name))
