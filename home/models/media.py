import logging
from contextlib import contextmanager
from pathlib import PurePath
from secrets import token_hex
from urllib.parse import quote, urljoin

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, models, transaction
from django.templatetags.static import static
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.documents.models import Document as StockDocument
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import Page
from wagtail.search import index

from home.consent.models import ImageWithPeople, ImageWithPeopleQuerySet
from home.files.child import JobFailed, run_job
from home.files.images import MAX_OPENED
from home.files.kinds import KINDS
from home.files.validation import validate_file
from home.privacy import hidden_collections
from home.querysets import BasePageQuerySet
from home.wagtail_internals import DocumentFileHook, ImageFileHook

# Bytes at the end of a clean image that waits for its form to be completed.
SEAL_LENGTH = 64

logger = logging.getLogger(__name__)


def image_field(verbose_name, help_text):
    """Return a field for an optional image."""
    return models.ForeignKey(
        "home.SiteImage",
        verbose_name=verbose_name,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=help_text,
    )


class ImageTooLarge(ValidationError):
    """The image has more pixels than can be opened. The message names both numbers."""


def seal_of(content):
    """Return a mark, in bytes, that only this site can make of the content of a clean image."""
    return salted_hmac("clean image", content, algorithm="sha256").hexdigest().encode()


def unsealed(file):
    """Return the content before its seal, or None if it has none."""
    file.seek(0)
    content = file.read()
    content, seal = content[:-SEAL_LENGTH], content[-SEAL_LENGTH:]
    return content if constant_time_compare(seal, seal_of(content)) else None


def clean_image(file):
    """
    Write an image again, without metadata and not too large. Return its format, such as "jpeg", and a
    ContentFile, whose format may be another one.

    :raises ImageTooLarge: if it has too many pixels.
    :raises JobFailed: if it is damaged or not an image.
    """
    if content := unsealed(file):
        # Writing it a second time would change it, so that duplicates would not be found.
        return PurePath(file.name).suffix[1:].lower().replace("jpg", "jpeg"), ContentFile(content, file.name)
    result = run_job("image", file, max_stored=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
    image_format, width, height, new_format = result.answer
    if not result.content:
        raise ImageTooLarge(
            _("This image has %(size)s pixels. The limit is %(most)s million."),
            params={"size": f"{width:,} × {height:,}", "most": MAX_OPENED // 1_000_000},
        )
    name = PurePath(file.name)
    if new_format != image_format:
        name = name.with_suffix(f".{new_format.replace('jpeg', 'jpg')}")
    return image_format, ContentFile(result.content, name=str(name))


class WithoutMetadata:
    """An image or file that is stored without metadata. Its size and hash are those of the stored file."""

    @property
    def is_open(self):
        """Whether its collection is public."""
        return self.collection_id not in hidden_collections()

    def without_metadata(self, file):
        raise NotImplementedError

    def take_file(self, replace_stored=False):
        """Remove the metadata of a new file, or also of a stored one. Return False if there is none."""
        stored = self.file if self.file and self.file._committed else None
        if not self.file or (stored and not replace_stored):
            return False
        if getattr(self.file.file, "is_without_metadata", False):
            return False
        file = self.file.file
        clean = self.without_metadata(file)
        if clean is not file:
            clean.name = PurePath(clean.name).name
            self.file = clean
            if stored:
                stored.close()
                stored.storage.delete(stored.name)
        self.file.file.is_without_metadata = True
        return True

    def set_file_metadata(self):
        """Remove the metadata, then save size and hash."""
        # Wagtail's view for multiple uploads calls this after it has stored the file.
        self.take_file(replace_stored=True)
        self.measure()

    def save(self, *args, **kwargs):
        if self.take_file():
            self.measure()
        super().save(*args, **kwargs)


class SiteImageQuerySet(ImageWithPeopleQuerySet):
    def undescribed(self):
        """Images that are neither described nor decorative."""
        return self.filter(description="", is_decorative=False)


class SiteImage(WithoutMetadata, ImageFileHook, ImageWithPeople, AbstractImage):
    """An image with a description for people who don't see it. It is stored without metadata."""

    is_decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("Check this only if the image adds nothing to the text; screen readers then skip it."),
    )
    credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Who made the image. Shown below it.")
    )

    # The URL from which an import downloaded it, so that the next import recognizes it.
    fetched_from = models.URLField(max_length=1000, blank=True, editable=False, db_index=True)

    objects = SiteImageQuerySet.as_manager()

    # For searching among images without a description only.
    search_fields = [
        *AbstractImage.search_fields,
        index.FilterField("description"),
        index.FilterField("is_decorative"),
    ]

    admin_form_fields = (
        *("title", "file", "description", "is_decorative", "credit", "people"),
        *("consent_from", "consent_on", "consent_until", "consent_withdrawn", "collection", "tags"),
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def clean(self):
        super().clean()
        errors = self.clean_consent()
        if not self.description and not self.is_decorative:
            errors["description"] = _("Describe the image in a sentence, or mark it as decorative.")
        if errors:
            raise ValidationError(errors)

    @property
    def is_open(self):
        return super().is_open and not self.is_withheld

    def save(self, *args, **kwargs):
        """Save the image. If visitors no longer see it, or see it again, update the search index."""
        is_changed = self.is_left_out != self.is_withheld
        self.is_left_out = self.is_withheld
        super().save(*args, **kwargs)
        if is_changed:
            transaction.on_commit(self.index_pages)

    def index_pages(self):
        for page in BasePageQuerySet(Page).linking_to([self]).specific():
            index.insert_or_update_object(page)

    def without_metadata(self, file):
        _format, clean = clean_image(file)
        return clean

    @property
    def default_alt_text(self):
        return "" if self.is_decorative else self.description

    def get_rendition(self, filter):
        """Return a rendition. If the file is damaged or missing, the rendition `is_lost`."""
        with self.loss_logged():
            return super().get_rendition(filter)
        return self.lost_rendition

    def get_renditions(self, *filters):
        """Return several renditions. If the file is damaged or missing, each of them `is_lost`."""
        with self.loss_logged():
            return super().get_renditions(*filters)
        return {getattr(filter, "spec", filter): self.lost_rendition for filter in filters}

    @contextmanager
    def loss_logged(self):
        """Suppress an error while rendering the image, and log it at most once an hour."""
        try:
            yield
        except (InvalidFilterSpecError, DatabaseError):
            # The image didn't cause these.
            raise
        except Exception:  # Image libraries raise any exception.
            if cache.add(f"lost-image:{self.pk}", True, 3600):
                logger.exception("Image %s cannot be shown: %s", self.pk, self.file.name)

    @property
    def lost_rendition(self):
        side = SiteRendition.LOST_SIDE
        rendition = SiteRendition(image=self, width=side, height=side)
        rendition.is_lost = True
        return rendition


class SiteRendition(AbstractRendition):
    """An image in one size and format."""

    # Width and height in pixels of the placeholder for a lost image.
    LOST_SIDE = 165
    # Whether the rendition doesn't exist because the original is damaged or missing.
    is_lost = False

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
        # Each request for an image looks up its rendition by file.
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]

    @property
    def url(self):
        """The URL on this site, even if a bucket stores the file, since each request is checked."""
        if self.is_lost:
            return static("site_admin/lost-picture.svg")
        return urljoin(f"/{settings.MEDIA_URL.lstrip('/')}", quote(self.file.name))

    def get_upload_to(self, filename):
        """Return a name that cannot be guessed from the name of the image."""
        name = PurePath(filename)
        return super().get_upload_to(f"{name.stem}.{token_hex(8)}{name.suffix}")


class SiteDocument(WithoutMetadata, DocumentFileHook, AbstractDocument):
    """A file of the library. A view serves it, never the media folder."""

    class Details(models.TextChoices):
        """The outcome of removing the file's metadata: who made it, when and with what."""

        UNKNOWN = "", _("Nobody has checked whether this file says who made it.")
        NONE = "none", _("What this file said about who made it, when and with what was removed.")
        WISHED = "wished", _("Kept byte for byte, as requested, with what it says about who made it.")
        SIGNED = "signed", _("Kept byte for byte, because it is signed, with what it says about who made it.")
        LOCKED = "locked", _("Kept as it is, because it is locked, with what it says about who made it.")
        STUCK = (
            "stuck",
            _(
                "Kept as it is, because it could not be rewritten. If it says who made it and must not, "
                "save it as a PDF again and replace it."
            ),
        )

    details = models.CharField(
        _("details"), max_length=6, choices=Details, blank=True, default=Details.UNKNOWN, editable=False
    )

    objects = DocumentQuerySet.as_manager()

    admin_form_fields = StockDocument.admin_form_fields

    # Whether the next file to be stored keeps its metadata.
    keeps_metadata = False

    class Meta(AbstractDocument.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def clean(self):
        # Instead of Wagtail's check, which looks at the name only.
        if self.file and not self.file._committed:
            try:
                validate_file(self.file.file, self.file_extension)
            except ValidationError as error:
                raise ValidationError({"file": error}) from error

    def without_metadata(self, file):
        if self.keeps_metadata:
            self.details = self.Details.WISHED
            return file
        self.details = self.Details.NONE
        kind = KINDS.get(self.file_extension.lower())
        if not (kind and kind.remove_metadata):
            return file
        try:
            result = run_job("document", file, extension=self.file_extension)
        except JobFailed:
            self.details = self.Details.STUCK
            return file
        self.details = self.Details(result.answer)
        return ContentFile(result.content, name=file.name) if result.content else file
