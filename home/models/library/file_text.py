from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from home.files.child import JobFailed, run_job
from home.files.contents import scans
from home.files.errors import UnreadableFile, UnsupportedFile
from home.files.extraction import readable_kind, tidy
from home.files.readers import without_hyphenation
from home.models.library.file import SiteDocument

# A page with fewer characters has only its number or a stamp beside an image.
STAMP = 40


class FileTextQuerySet(models.QuerySet):
    def is_read(self, document):
        """Return whether the current file of a document was read, with one of these results."""
        return self.filter(
            document_id=document.pk, file_name=document.file.name, file_hash=document.file_hash
        ).exists()

    def read(self, document):
        """Store the text of a file. Return the FileText, or None if it was deleted or replaced meanwhile."""
        state, pages = read(document)
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
                    "scanned": [],
                    "file_name": document.file.name,
                    "file_hash": document.file_hash,
                },
            )
        return text

    def read_scan(self, document, start):
        """
        Read some scanned pages, and store their text. Return whether there are more.

        Nothing is read if somebody else has read the pages after the first `start` ones, or if the file was
        replaced.
        """
        text = self.filter(document_id=document.pk).first()
        if not (text and text.is_of(document) and len(text.scanned) == start and text.scans):
            return False
        try:
            with document.open_file() as file:
                found = run_job("scan", file, numbers=text.scans, program=scans.program()).answer
        except (JobFailed, FileNotFoundError):
            return False
        text.add_scanned([tidy(without_hyphenation(page)) for page in found])
        with transaction.atomic():
            same = self.select_for_update().filter(file_name=text.file_name, file_hash=text.file_hash)
            if not same.filter(pk=text.pk).exists():
                return False
            text.save(update_fields=["state", "pages", "scanned"])
        return bool(text.scans)


class FileText(models.Model):
    """The text of a file, for the search. It has its own table, so that lists of files don't load it."""

    class State(models.TextChoices):
        READ = "read", _("The search finds what this file says.")
        MACHINE = (
            "machine",
            _("A machine read this file from images of its pages, so some words may be wrong."),
        )
        PARTLY = (
            "partly",
            _("A machine read some pages of this file from images, so some words of them may be wrong."),
        )
        EMPTY = "empty", _("No text in this file: it holds images of pages, which the search cannot read.")
        UNREADABLE = (
            "unreadable",
            _(
                "The search cannot read this file: it is damaged, locked with a password, or made in an "
                "unusual way."
            ),
        )
        UNSUPPORTED = "unsupported", _("The search does not read files of this kind.")

    # It refers to no other page or file.
    wagtail_reference_index_ignore = True

    document = models.OneToOneField(
        SiteDocument, on_delete=models.CASCADE, primary_key=True, related_name="file_text"
    )
    state = models.CharField(max_length=11, choices=State)
    # A string for each page of a PDF, one in all for other files, [] if the file was not read.
    pages = models.JSONField(default=list)
    # The indices of the pages of which a machine has read the images, also of those without words.
    scanned = models.JSONField(default=list, db_default=[])
    # The file that was read. An editor may have replaced it since.
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=40, blank=True)

    objects = FileTextQuerySet.as_manager()

    @property
    def is_readable(self):
        """Whether the file could be read, even if it has no text."""
        return self.state not in {self.State.UNREADABLE, self.State.UNSUPPORTED}

    @property
    def scans(self):
        """The indices of the pages that may be images, which this machine can read but has not yet."""
        if not self.file_name.lower().endswith(".pdf") or not scans.program():
            return []
        seen = set(self.scanned)
        bare = [n for n, page in enumerate(self.pages) if n not in seen and len(page) < STAMP]
        return bare[: max(scans.MAX_PAGES - len(seen), 0)]

    def add_scanned(self, found):
        """Add the texts that a machine has read on the first of the pages that are `scans`."""
        numbers = self.scans[: len(found)]
        for number, words in zip(numbers, found, strict=True):
            self.pages[number] = "\n".join(filter(None, [self.pages[number], words]))
        self.scanned += numbers
        if any(found):
            is_whole = self.state in {self.State.EMPTY, self.State.MACHINE}
            self.state = self.State.MACHINE if is_whole else self.State.PARTLY

    def is_of(self, document):
        """Return whether this is the text of the document's current file."""
        return (self.file_name, self.file_hash) == (document.file.name, document.file_hash)

    @property
    def note(self):
        """A sentence on why the search doesn't find all of the file's text; empty if it does."""
        unnoted = {self.State.READ, self.State.UNSUPPORTED}
        return "" if self.state in unnoted else self.get_state_display()


def read(document):
    """Read the file of a document. Return the state and the pages. A missing file is unreadable."""
    try:
        with document.open_file() as file:
            pages = text_of(file, document.file_extension)
    except UnsupportedFile:
        return FileText.State.UNSUPPORTED, []
    except (UnreadableFile, FileNotFoundError):
        return FileText.State.UNREADABLE, []
    return (FileText.State.READ if any(pages) else FileText.State.EMPTY), pages


def text_of(file, extension):
    """Run `extraction.read_pages` in a child process. Raises UnreadableFile or UnsupportedFile."""
    readable_kind(extension)
    try:
        pages = run_job("text", file, extension=extension).answer
    except JobFailed as error:
        raise UnreadableFile(f"The file is damaged, or too large to read: {error}") from error
    if not isinstance(pages, list) or not all(isinstance(page, str) for page in pages):
        raise UnreadableFile("The answer is not a list of strings.")
    return pages
