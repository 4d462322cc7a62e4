import time
from secrets import token_hex
from urllib.parse import quote, urljoin

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Case, Count, F, Q, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Left

from home.conditions import any_of
from home.files.child import JobFailed, run_job
from home.graphics.quotations import boxes_of
from home.models.library.file import SiteDocument

# Seconds after which no other page is begun, so that other tasks need not wait for all of a long file.
TIME_LIMIT = 30
FOLDER = "pages"
# Characters of the text of a page that are shown, and searched for each visitor who asks for words. A page of
# print has some thousands.
MAX_TEXT = 100_000


class FilePageQuerySet(models.QuerySet):
    def of(self, document):
        """The pages of the current file of a document, in order."""
        return self.filter(document_id=document.pk, file_hash=document.file_hash).order_by("number")

    def of_old_files(self, document):
        return self.filter(document_id=document.pk).exclude(file_hash=document.file_hash)

    def waiting(self):
        return self.filter(state=FilePage.State.WAITING)

    def drawn(self):
        return self.filter(state=FilePage.State.DRAWN)

    def at(self, number):
        """
        The page with this number. Its `text` is None if there is none, and `scanned` are the indices of the
        pages of which a machine has read the images. The database takes both out of the text of the file.
        """
        index = str(number - 1)
        is_same = {"document__file_text__file_hash": F("file_hash")}
        text = Left(KeyTextTransform(index, "document__file_text__pages"), MAX_TEXT)
        text = Case(When(**is_same, then=text))
        scanned = F("document__file_text__scanned")
        return self.filter(number=number).annotate(text=text, scanned=scanned)

    def cited_by(self, sources):
        """The drawn pages that sources name by their file and the number of the page."""
        places = ((each.document, each.page_number) for each in sources if each.document)
        return self.drawn().filter(
            any_of(
                Q(document_id=document.pk, file_hash=document.file_hash, number=page)
                for document, page in places
            )
        )

    def has_quoted(self, source):
        """Return whether the page that a source names has the words that it quotes, or may have them."""
        page = self.cited_by([source]).first()
        return bool(page and page.may_have(source.quote))

    def counts(self):
        """The number of pages of each file, without files of which all pages failed, as of a locked one."""
        counts = (
            self.order_by()
            .values("document")
            .annotate(all=Count("pk"), failed=Count("pk", filter=Q(state=FilePage.State.FAILED)))
        )
        return counts.filter(failed__lt=F("all")).values_list("all", flat=True)

    def are_missing(self, document):
        """Return whether a record shows this file, but not all of its pages are drawn."""
        if document.file_extension.lower() != "pdf" or not document.pages.filter(live=True).exists():
            return False
        pages = self.of(document)
        return pages.waiting().exists() or not pages.exists()

    def draw(self, document):
        """
        Draw some pages that are missing. Return whether there are more.

        The pages are stored together: each change empties the page cache.
        """
        end, pages = time.monotonic() + TIME_LIMIT, []
        try:
            with document.open_file() as file:
                for page in self.begin(document, file):
                    pages.append(page)
                    page.draw(file)
                    if time.monotonic() > end:
                        break
            pages = self.keep(document, pages)
        except FileNotFoundError:
            return False
        finally:
            for page in pages:
                page.delete_images()
        return self.are_missing(document)

    def begin(self, document, file):
        """Return the pages that are missing. Add a row for each page of a new file."""
        if not self.of(document).exists():
            try:
                count = run_job("pages", file).answer
            except JobFailed:
                count = 0
            # A file that cannot be opened has one page, which cannot be drawn.
            count, state = (count, FilePage.State.WAITING) if count else (1, FilePage.State.FAILED)
            with transaction.atomic():
                if is_current(document) and not self.of(document).exists():
                    same = {"document_id": document.pk, "file_hash": document.file_hash, "state": state}
                    self.bulk_create([FilePage(number=number, **same) for number in range(1, count + 1)])
        return list(self.of(document).waiting())

    def keep(self, document, pages):
        """Store those pages that are still missing, and return the others."""
        with transaction.atomic():
            # The lock first: another task may have drawn the same pages.
            missing = self.of(document).waiting() if is_current(document) else self.none()
            missing = set(missing.values_list("pk", flat=True))
            kept = [page for page in pages if page.pk in missing]
            self.bulk_update(kept, FilePage.DRAWN_FIELDS)
        return [page for page in pages if page not in kept]


def is_current(document):
    """Return whether a document still has the same file. It is locked until the end of the transaction."""
    same = SiteDocument.objects.select_for_update().filter(pk=document.pk, file_hash=document.file_hash)
    return same.exists()


class FilePage(models.Model):
    """
    A page of a PDF that a record shows: its images, and where its words are on them.

    The images of all pages are made ahead, some at a time. The text is that of FileText.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DRAWN = "drawn"
        FAILED = "failed"

    DRAWN_FIELDS = ("state", "name", "width", "height", "words")

    # It refers to no other page or file.
    wagtail_reference_index_ignore = True

    document = models.ForeignKey(SiteDocument, on_delete=models.CASCADE, related_name="file_pages")
    # The file, since an editor may replace it.
    file_hash = models.CharField(max_length=40, blank=True)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    # The common part of the names of its images, which nobody can guess.
    name = models.CharField(max_length=32, blank=True, db_index=True)
    # Pixels of the larger image.
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    # See `home.files.contents.pages.draw_page`.
    words = models.JSONField(default=list)

    objects = FilePageQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["document", "file_hash", "number"], name="one_row_a_page")
        ]

    @property
    def is_read_by_machine(self):
        """Whether the text of a page from `at` is that of an image."""
        return self.number - 1 in (self.scanned or [])

    @property
    def is_drawn(self):
        return self.state == self.State.DRAWN

    @property
    def has_failed(self):
        return self.state == self.State.FAILED

    @property
    def files(self):
        """The paths of the images in the media folder, the larger one first."""
        return [f"{FOLDER}/{self.name}{end}.webp" for end in ("", "-half")] if self.name else []

    @property
    def images(self):
        """The images as pairs of a URL and a width, the larger one first."""
        address = urljoin("/", f"{settings.MEDIA_URL.strip('/')}/")
        widths = self.width, self.width // 2
        return [(address + quote(path), width) for path, width in zip(self.files, widths, strict=False)]

    @property
    def units(self):
        """The height in the units of the places of words, of which the width has 1000."""
        return round(1000 * self.height / self.width) if self.width else 0

    def boxes_of(self, quote):
        """Return the boxes of the first place of some words on the page, [] if they aren't there."""
        return boxes_of(self.words, quote)

    def may_have(self, quote):
        """Whether words are on the page, or nobody can tell: the words of a scan have no places."""
        return not (quote and self.words) or bool(self.boxes_of(quote))

    def draw(self, file):
        """Make the images and find the words, without saving the page."""
        try:
            facts, content = run_job("page", file, index=self.number - 1)
            self.words, (self.width, self.height) = facts["words"], facts["size"]
            length = facts["length"]
        except (JobFailed, KeyError, TypeError, ValueError):
            # A file that has taken over the child process may answer anything.
            self.state = self.State.FAILED
            return
        self.state, self.name = self.State.DRAWN, token_hex(16)
        for path, image in zip(self.files, (content[:length], content[length:]), strict=True):
            default_storage.save(path, ContentFile(image))

    def delete_images(self):
        for path in self.files:
            default_storage.delete(path)
