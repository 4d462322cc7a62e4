from dataclasses import dataclass
from urllib.parse import quote as percent_encoded

from django.utils.translation import get_language

from home.graphics.quotations import frame_of
from home.models.document import DocumentPage
from home.models.library.file_page import FilePage


@dataclass(frozen=True)
class Quotation:
    """The words that a source quotes. If a public record has the file, also where they are on its page."""

    words: str
    page: FilePage | None = None
    record: DocumentPage | None = None
    boxes: tuple = ()

    @property
    def frame(self):
        """The viewBox of the part of the page that is shown."""
        return " ".join(map(str, frame_of(self.boxes, self.page.units)))

    @property
    def address(self):
        """The URL of the whole page, with the words marked."""
        return f"{self.record.address_of_page(self.page.number)}?q=%22{percent_encoded(self.words)}%22"


def quotations_of(sources):
    """Return the Quotation of each source, None for one that quotes nothing. Takes two queries at most."""
    quoting = [each for each in sources if each.quote and each.document and each.document.is_open]
    cited = FilePage.objects.cited_by(quoting) if quoting else []
    pages = {(page.document_id, page.number): page for page in cited}
    records = records_of({page.document_id for page in pages.values()}) if pages else {}
    return [quotation_of(each, pages, records) if each.quote else None for each in sources]


def quotation_of(source, pages, records):
    page = pages.get((source.document_id, source.page_number))
    record = records.get(source.document_id)
    boxes = page.boxes_of(source.quote) if page and record else []
    return Quotation(source.quote, page, record, tuple(boxes)) if boxes else Quotation(source.quote)


def records_of(files):
    """Return a public record for each file, by its key: if there is one, in the language of the reader."""
    records = DocumentPage.objects.for_visitors().filter(file__in=files).select_related("locale")
    in_order = sorted(records, key=lambda record: record.locale.language_code == get_language())
    return {record.file_id: record for record in in_order}
