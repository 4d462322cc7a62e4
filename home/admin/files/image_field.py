"""The form field for an image file."""

import logging
from pathlib import PurePath

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.images.fields import WagtailImageField

from home.files.cleaning import clean_image

logger = logging.getLogger(__name__)

HOW_TO_EXPORT = gettext_lazy(
    "Images can be JPEG, PNG, WebP, GIF, AVIF or HEIC. Export a drawing (SVG) as PNG."
)
HOW_TO_SHRINK = gettext_lazy("Email it to yourself in a smaller size, or export it smaller, and upload that.")
# The formats of extensions that are not their names.
FORMATS = {"jpg": "jpeg", "heic": "heif"}


class ImageField(WagtailImageField):
    """Wagtail's field, with errors that say what to do. Damaged images are refused."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.help_text += " " + _(
            "Above 10 megapixels, an image is scaled down. Of a moving image, only the beginning is kept."
        )
        too_large = _("This image has %(file_size)s. The maximum is %(max_filesize)s.")
        unknown = _("This image is larger than %(size)s.") % {"size": self.max_upload_size_text}
        damaged = _("This is not an image, or it is damaged.")
        unsupported = _("Images of this kind cannot be shown on the web.")
        misnamed = _("The name of this file ends in .%(extension)s, but it is %(image_format)s.")
        self.error_messages |= {
            "file_too_large": f"{too_large} {HOW_TO_SHRINK}",
            "file_too_large_unknown_size": f"{unknown} {HOW_TO_SHRINK}",
            "invalid_image": f"{damaged} {HOW_TO_EXPORT}",
            "invalid_image_extension": f"{unsupported} {HOW_TO_EXPORT}",
            "invalid_image_known_format": f"{misnamed} {HOW_TO_EXPORT}",
        }

    def to_python(self, data):
        """
        Return the image as it is to be stored.

        Unlike Wagtail's field, this opens no file in this process, since that may take any amount of memory.
        """
        file = forms.FileField.to_python(self, data)
        # A file that an earlier attempt kept is ready.
        if not file or getattr(file, "is_without_metadata", False):
            return file
        self.check_image_file_size(file)
        extension = PurePath(file.name).suffix.lower().removeprefix(".")
        if extension not in self.allowed_image_extensions:
            raise self.error("invalid_image_extension")
        try:
            image_format, clean = clean_image(file)
        except ValidationError as error:
            raise ValidationError(
                f"{error.messages[0]} {HOW_TO_SHRINK}", code="file_too_many_pixels"
            ) from error
        except Exception as error:  # The libraries raise anything.
            logger.warning("An image was refused.", exc_info=True)
            raise self.error("invalid_image") from error
        if image_format != FORMATS.get(extension, extension):
            raise self.error("invalid_image_known_format", extension=extension, image_format=image_format)
        clean.is_without_metadata = True
        rewrite(data, clean)
        return clean

    def error(self, code, **values):
        return ValidationError(self.error_messages[code], code=code, params=values)


def rewrite(sent, clean):
    """Replace what was sent by the clean image, since Wagtail stores it until the form is complete."""
    sent.seek(0)
    sent.truncate()
    sent.write(clean.file.getvalue())
    sent.flush()
    sent.seek(0)
    sent.name, sent.size, sent.changes = clean.name, clean.size, clean.changes
    # A store may close what was sent.
    sent.clean = clean
