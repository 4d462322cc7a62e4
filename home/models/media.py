from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image as Picture
from PIL import ImageOps, ImageSequence
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as StockDocument
from wagtail.images.models import AbstractImage, AbstractRendition

__all__ = ["SiteDocument", "SiteImage", "SiteRendition"]


def without_metadata(file):
    """
    The same picture, drawn again from its pixels: no GPS position, camera, author or comment is left.

    Orientation is applied before it is forgotten, color profiles and animation are kept.

    :param file: an open image file that Pillow reads.
    :returns: a ContentFile of the same format.
    """
    file.seek(0)
    picture = Picture.open(file)
    options = {"format": picture.format}
    if profile := picture.info.get("icc_profile"):
        options["icc_profile"] = profile
    if picture.format in {"JPEG", "WEBP", "AVIF"}:
        options["quality"] = 90
    frames = [ImageOps.exif_transpose(frame) for frame in ImageSequence.Iterator(picture)]
    if len(frames) > 1:
        options |= {"save_all": True, "append_images": frames[1:], "loop": picture.info.get("loop", 0)}
        if duration := picture.info.get("duration"):
            options["duration"] = duration
    first = frames[0]
    # What Pillow reads into `info` it may write again, so nothing of it stays.
    for frame in frames:
        frame.info = {}
    clean = BytesIO()
    first.save(clean, **options)
    return ContentFile(clean.getvalue(), name=file.name)


class SiteImage(AbstractImage):
    """A picture with words for those who do not see it; no metadata is stored with it."""

    is_decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("Tick this only if the picture adds nothing to the text; screen readers then skip it."),
    )
    credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Who made the picture. Shown below it.")
    )

    # Where an import downloaded it, by which a second one knows it again.
    fetched_from = models.URLField(max_length=1000, blank=True, editable=False, db_index=True)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "is_decorative",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def clean(self):
        super().clean()
        if not self.description and not self.is_decorative:
            raise ValidationError(
                {"description": _("Describe the picture in a sentence, or mark it as decorative.")}
            )

    def _set_image_file_metadata(self):
        # Size and hash are those of what is stored, so that duplicates are recognized by it.
        self._drop_metadata()
        super()._set_image_file_metadata()

    def save(self, *args, **kwargs):
        if self._drop_metadata():
            super()._set_image_file_metadata()
        super().save(*args, **kwargs)

    def _drop_metadata(self):
        """Replace a file that is about to be stored by one without metadata; say whether there was one."""
        if not self.file or self.file._committed or getattr(self.file.file, "is_without_metadata", False):
            return False
        clean = without_metadata(self.file.file)
        clean.is_without_metadata = True
        self.file = clean
        self.file.file.is_without_metadata = True
        return True

    @property
    def default_alt_text(self):
        return "" if self.is_decorative else self.description


class SiteRendition(AbstractRendition):
    """A picture in one size and format."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]


class SiteDocument(AbstractDocument):
    """A file of the library, served by its own address and never from the media folder."""

    admin_form_fields = StockDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
