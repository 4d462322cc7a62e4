import hashlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.documents.models import Document as StockDocument

from home.files.child import JobFailed, run_job
from home.files.kinds import KINDS
from home.files.validation import validate_file
from home.models.library.stored import WithoutMetadata
from home.wagtail_internals import DocumentFileHook


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

    # Visitors compare it with that of their copy. Empty for an old file until a job fills it in.
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

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

    def measure(self):
        super().measure()
        self.sha256 = self.compute_sha256()

    def compute_sha256(self):
        with self.open_file() as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def without_metadata(self, file):
        if self.keeps_metadata:
            self.details = self.Details.WISHED
            return file
        self.details = self.Details.NONE
        extension = self.file_extension.lower()
        kind = KINDS.get(extension)
        if not (kind and kind.remove_metadata):
            return file
        try:
            result = run_job("document", file, extension=extension)
        except JobFailed:
            self.details = self.Details.STUCK
            return file
        self.details = self.Details(result.answer)
        return ContentFile(result.content, name=file.name) if result.content else file
