import logging
from contextlib import contextmanager
from pathlib import PurePath
from secrets import token_hex
from urllib.parse import quote, urljoin

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, models
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.documents.models import Document as StockDocument
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractImage, AbstractRendition, ImageQuerySet
from wagtail.search import index

from home.files.child import JobFailed, run_job
from home.files.kinds import check_kind
from home.files.metadata import LONGEST_SIDE, REMOVERS
from home.privacy import hidden_collections

__all__ = ["PictureTooLarge", "SiteDocument", "SiteImage", "SiteRendition", "stored_picture"]

logger = logging.getLogger(__name__)


class PictureTooLarge(ValidationError):
    """The picture has more pixels than the limit, which the message names."""


def stored_picture(file):
    """
    The picture as it is to be stored: without metadata, and not larger than we take.

    :returns: its format, such as "jpeg", and a ContentFile.
    :raises PictureTooLarge: if it is.
    :raises JobFailed: if it is damaged or no picture.
    """
    done = run_job("picture", file, most_pixels=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
    image_format, width, height, frames = done.answer
    if not done.content:
        size = f"{width:,} × {height:,}" + (f" × {frames:,}" if frames > 1 else "")
        raise PictureTooLarge(
            _(
                "This picture has %(size)s pixels. Up to %(most)s million in all can be taken, and "
                "%(side)s on each side."
            ),
            params={
                "size": size,
                "most": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000,
                "side": f"{LONGEST_SIDE:,}",
            },
        )
    return image_format, ContentFile(done.content, name=file.name)


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

    def set_file_metadata(self):
        """Make the file one that may be stored, and note its size and hash."""
        # Wagtail's screen for many files calls this when the file is in the storage already.
        self.take_file(replace_stored=True)
        self.measure()

    def save(self, *args, **kwargs):
        if self.take_file():
            self.measure()
        super().save(*args, **kwargs)


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

    # So that a search can look among the pictures without words alone.
    search_fields = [
        *AbstractImage.search_fields,
        index.FilterField("description"),
        index.FilterField("is_decorative"),
    ]

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

    measure = AbstractImage._set_image_file_metadata
    _set_image_file_metadata = WithoutMetadata.set_file_metadata

    def clean(self):
        super().clean()
        if not self.description and not self.is_decorative:
            raise ValidationError(
                {"description": _("Describe the picture in a sentence, or mark it as decorative.")}
            )

    def without_metadata(self, file):
        _format, clean = stored_picture(file)
        return clean

    @property
    def default_alt_text(self):
        return "" if self.is_decorative else self.description

    def get_rendition(self, filter):
        """The picture in one size; if its file is damaged or missing, a SiteRendition that `is_lost`."""
        with self.loss_logged():
            return super().get_rendition(filter)
        return self.lost_rendition

    def get_renditions(self, *filters):
        """The picture in several sizes; each `is_lost` if its file is damaged or missing."""
        with self.loss_logged():
            return super().get_renditions(*filters)
        return {getattr(filter, "spec", filter): self.lost_rendition for filter in filters}

    @contextmanager
    def loss_logged(self):
        """Log, once an hour, that no rendition can be made, and go on."""
        try:
            yield
        except (InvalidFilterSpecError, DatabaseError):
            # The picture did not cause these.
            raise
        except Exception:  # The libraries raise anything.
            if cache.add(f"lost-picture:{self.pk}", True, 3600):
                logger.exception("Picture %s cannot be shown: %s", self.pk, self.file.name)

    @property
    def lost_rendition(self):
        side = SiteRendition.LOST_SIDE
        rendition = SiteRendition(image=self, width=side, height=side)
        rendition.is_lost = True
        return rendition


class SiteRendition(AbstractRendition):
    """A picture in one size and format."""

    # Pixels of the picture that stands for a lost one.
    LOST_SIDE = 165
    # Whether there is no such picture, since the original is damaged or missing.
    is_lost = False

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
        # Each request for a picture looks its rendition up by file.
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]

    @property
    def url(self):
        """Return its address on this site, even if a bucket stores it, since each request is checked."""
        if self.is_lost:
            return static("site_admin/lost-picture.svg")
        return urljoin(f"/{settings.MEDIA_URL.lstrip('/')}", quote(self.file.name))

    def get_upload_to(self, filename):
        """Return a name that cannot be guessed from the name of the picture."""
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

    measure = AbstractDocument._set_document_file_metadata
    _set_document_file_metadata = WithoutMetadata.set_file_metadata

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
        self.details = self.Details.NONE
        if self.file_extension.lower() not in REMOVERS:
            return file
        try:
            done = run_job("document", file, extension=self.file_extension)
        except JobFailed:
            self.details = self.Details.STUCK
            return file
        self.details = self.Details(done.answer)
        return ContentFile(done.content, name=file.name) if done.content else file
