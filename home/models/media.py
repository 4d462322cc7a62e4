from pathlib import PurePath
from secrets import token_hex
from urllib.parse import quote, urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.documents.models import Document as StockDocument
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet

from home.file_kinds import check_kind
from home.metadata import Kept, Locked, Signed, document_without_metadata, picture_without_metadata
from home.privacy import hidden_collections

__all__ = ["SiteDocument", "SiteImage", "SiteRendition"]


class WithoutMetadata:
    """
    A picture or file of the library, of which nothing is stored but what is left without its metadata, by
    whatever way it comes. Size and hash are those of what is stored, so that duplicates are recognized by it.
    """

    @property
    def is_open(self):
        """Whether no restriction of its collection hides it from strangers."""
        return self.collection_id not in hidden_collections()

    def without_metadata(self, file):
        """The file as it is to be stored."""
        raise NotImplementedError

    def take_file(self, replace_stored=False):
        """
        Replace a file that is about to be stored by one without metadata; say whether there was one.

        :param replace_stored: whether the file is new though it is in the storage already.
        """
        stored = self.file if self.file and self.file._committed else None
        if not self.file or (stored and not replace_stored):
            return False
        if getattr(self.file.file, "is_without_metadata", False):
            return False
        file = self.file.file
        clean = self.without_metadata(file)
        if clean is not file:
            clean.name = PurePath(self.file.name).name
            self.file = clean
            if stored:
                stored.close()
                stored.storage.delete(stored.name)
        self.file.file.is_without_metadata = True
        return True


class SiteImageQuerySet(ImageQuerySet):
    def without_words(self):
        """Pictures that nobody has described or said to be decorative."""
        return self.filter(description="", is_decorative=False)


class SiteImage(WithoutMetadata, AbstractImage):
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

    objects = SiteImageQuerySet.as_manager()

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

    def without_metadata(self, file):
        return picture_without_metadata(file)

    def set_file_metadata(self):
        """Have the file as it is to be stored, with its size and hash."""
        # Wagtail's screen for many pictures stores a file before it says so.
        self.take_file(replace_stored=True)
        super()._set_image_file_metadata()

    _set_image_file_metadata = set_file_metadata

    def save(self, *args, **kwargs):
        if self.take_file():
            super()._set_image_file_metadata()
        super().save(*args, **kwargs)

    @property
    def default_alt_text(self):
        return "" if self.is_decorative else self.description


class SiteRendition(AbstractRendition):
    """A picture in one size and format."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
        # By which each request for one finds it.
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]

    @property
    def url(self):
        """Its address on this site, even where a bucket stores it, since each request is checked."""
        return urljoin(f"/{settings.MEDIA_URL.lstrip('/')}", quote(self.file.name))

    def get_upload_to(self, filename):
        """A name that nobody guesses who knows the picture's."""
        name = PurePath(filename)
        return super().get_upload_to(f"{name.stem}.{token_hex(8)}{name.suffix}")


class SiteDocument(WithoutMetadata, AbstractDocument):
    """A file of the library, served by its own address and never from the media folder."""

    class Details(models.TextChoices):
        """What became of what the file says of who made it, when and with what."""

        UNKNOWN = "", _("Nobody looked at what this file says of who made it.")
        NONE = "none", _("What this file said of who made it, when and with what was taken out.")
        WISHED = "wished", _("Kept byte for byte, as was wished, with what it says of who made it.")
        SIGNED = "signed", _("Kept byte for byte, because it is signed, with what it says of who made it.")
        LOCKED = "locked", _("Kept as it is, because it is locked, with what it says of who made it.")
        STUCK = (
            "stuck",
            _(
                "Kept as it is, because it could not be written anew. If it says who made it and must not, "
                "save it as PDF once more and replace it."
            ),
        )

    details = models.CharField(
        _("details"), max_length=6, choices=Details, blank=True, default=Details.UNKNOWN, editable=False
    )

    objects = DocumentQuerySet.as_manager()

    admin_form_fields = StockDocument.admin_form_fields

    # Whether a file that is about to be stored keeps what it says of who made it.
    keeps_metadata = False

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def clean(self):
        # In the place of Wagtail's own, which goes by the name alone.
        if self.file and not self.file._committed:
            try:
                check_kind(self.file.file, self.file_extension)
            except ValidationError as error:
                raise ValidationError({"file": error}) from error

    def without_metadata(self, file):
        if self.keeps_metadata:
            self.details = self.Details.WISHED
            return file
        try:
            clean = document_without_metadata(file, self.file_extension)
        except Signed:
            self.details = self.Details.SIGNED
        except Locked:
            self.details = self.Details.LOCKED
        except Kept:
            self.details = self.Details.STUCK
        else:
            self.details = self.Details.NONE
            return clean
        return file

    def set_file_metadata(self):
        """Have the file as it is to be stored, with its size and hash."""
        # Wagtail's screen for many files stores a file before it says so.
        self.take_file(replace_stored=True)
        super()._set_document_file_metadata()

    _set_document_file_metadata = set_file_metadata

    def save(self, *args, **kwargs):
        if self.take_file():
            super()._set_document_file_metadata()
        super().save(*args, **kwargs)
