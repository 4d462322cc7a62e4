from dataclasses import dataclass
from urllib.parse import quote as percent_encoded

from django.utils.translation import get_language

from home.graphics.quotations import frame_of
from home.models.document import DocumentPage
from home.models.library.file_page import FilePage


@dataclass(frozen=True)
class Quotation:
    """The words that a source quotes, if any, and their page, if a public record has it and them."""

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
        query = f"?q=%22{percent_encoded(self.words)}%22" if self.words else ""
        return self.record.address_of_page(self.page.number) + query


def quotations_of(sources):
    """Return the Quotation of each source, None for one without words and page. Takes two queries at most."""
    citing = [each for each in sources if each.page_number and each.document and each.document.is_open]
    cited = FilePage.objects.cited_by(citing) if citing else []
    pages = {(page.document_id, page.number): page for page in cited}
    records = records_of({page.document_id for page in pages.values()}) if pages else {}
    return [quotation_of(each, pages, records) for each in sources]


def quotation_of(source, pages, records):
    # Pasted words may have line breaks.
    words = " ".join(source.quote.split())
    page = pages.get((source.document_id, source.page_number))
    record = records.get(source.document_id)
    if page and record and page.may_have(words):
        return Quotation(words, page, record, tuple(page.boxes_of(words)))
    return Quotation(words) if words else None


def records_of(files):
    """Return a public record for each file, by its key: if there is one, in the language of the reader."""
    records = DocumentPage.objects.for_visitors().filter(file__in=files).select_related("locale")
    in_order = sorted(records, key=lambda record: record.locale.language_code == get_language())
    return {record.file_id: record for record in in_order}
