"""Records whose pages can be read on the site."""

from home.models import FileText, SiteDocument
from tests.support import factories

WORDS = [["Minutes", [100, 100, 80, 12]], ["commu", [800, 200, 60, 12]], ["nity", [100, 220, 40, 12]]]


def record_of(*texts, state=FileText.State.READ, words=WORDS, **fields):
    """Return a record with pages that look drawn, without a PDF."""
    file = SiteDocument.objects.create(title="Minutes", file=factories.ContentFile(b"%PDF", name="m.pdf"))
    FileText.objects.filter(document=file).delete()
    same = {"file_name": file.file.name, "file_hash": file.file_hash}
    FileText.objects.create(document=file, state=state, pages=list(texts), **same)
    for number in range(1, len(texts) + 1):
        factories.make_file_page(file, number, words=words)
    return factories.make_document(file=file, title="Minutes of May", **fields)
