from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from home.files.texts import UnreadableFile, UnsupportedFile, text_of
from home.models.media import SiteDocument

__all__ = ["FileText"]


class FileTextQuerySet(models.QuerySet):
    def is_read(self, document):
        """Whether the file that the document has now was read, with one of these outcomes."""
        return self.filter(
            document_id=document.pk, file_name=document.file.name, file_hash=document.file_hash
        ).exists()

    def read(self, document):
        """
        Read the file of a document and keep what it says.

        :returns: the FileText, or None if the document is gone or has got another file in the meantime.
        """
        state, pages = outcome(document)
        with transaction.atomic():
            same = SiteDocument.objects.select_for_update().filter(
                pk=document.pk, file=document.file.name, file_hash=document.file_hash
            )
            if not same.exists():
                return None
            text, _created = self.update_or_create(
                document_id=document.pk,
                defaults={
                    "state": state,
                    "pages": pages,
                    "file_name": document.file.name,
                    "file_hash": document.file_hash,
                },
            )
        return text


class FileText(models.Model):
    """
    What a file of the library says, as a search can use it. Apart from the file's own row, since every list
    of files would load whole books with it.
    """

    class State(models.TextChoices):
        READ = "read", _("The search finds what this file says.")
        EMPTY = (
            "empty",
            _("No text in this file: it holds pictures of pages, which the search cannot read."),
        )
        UNREADABLE = (
            "unreadable",
            _(
                "The search cannot read this file: it is damaged, locked with a password, or made in an "
                "unusual way."
            ),
        )
        UNSUPPORTED = "unsupported", _("The search does not read files of this kind.")

    # Nothing in it leads to another page or file.
    wagtail_reference_index_ignore = True

    document = models.OneToOneField(
        SiteDocument, on_delete=models.CASCADE, primary_key=True, related_name="file_text"
    )
    state = models.CharField(max_length=11, choices=State.choices)
    # A string for each page of a PDF, one in all for another file; none if there is no text.
    pages = models.JSONField(default=list)
    # Which file was read, as the document named it then: an editor may replace it.
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=40, blank=True)

    objects = FileTextQuerySet.as_manager()

    @property
    def is_readable(self):
        """Whether the file could be read, even if it holds no text."""
        return self.state in {self.State.READ, self.State.EMPTY}

    def is_of(self, document):
        """Whether it is the text of the file that the document has now, and not of one that was replaced."""
        return (self.file_name, self.file_hash) == (document.file.name, document.file_hash)

    @property
    def note(self):
        """What to tell those who count on the search to know this file; empty if there is nothing to tell."""
        return self.get_state_display() if self.state in {self.State.EMPTY, self.State.UNREADABLE} else ""


def outcome(document):
    """How reading the file of a document ends, and its pages; a file that is missing cannot be read."""
    try:
        with document.open_file() as file:
            pages = text_of(file, document.file_extension)
    except UnsupportedFile:
        return FileText.State.UNSUPPORTED, []
    except (UnreadableFile, FileNotFoundError):
        return FileText.State.UNREADABLE, []
    return (FileText.State.READ, pages) if any(pages) else (FileText.State.EMPTY, [])
