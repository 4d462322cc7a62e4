"""Objects for tests. Each `make_…` takes the fields that matter, and finds or creates the parent page."""

from io import BytesIO
from itertools import count

import docx
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from wagtail.log_actions import log
from wagtail.models import Locale, Page, ReferenceIndex, Site
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from concerns.models import ConcernIndexPage, ConcernPage, ConcernSource
from home.models import (
    ContactFormField,
    ContactPage,
    DocumentIndexPage,
    DocumentPage,
    DocumentSource,
    Figure,
    FigureSource,
    FiguresPage,
    FigureValue,
    FilePage,
    GlossaryPage,
    GlossaryTerm,
    HomePage,
    KeptCopy,
    OverviewPage,
    PartnerIndexPage,
    PartnerPage,
    SiteDocument,
    SiteImage,
    StandardPage,
)
from tests.support import stored
from timeline.models import Era, EventCategory, EventPage, EventSource, TimelinePage

numbers = count(1)


def source_fields(**fields):
    """Return the required fields of a source."""
    return {"title": "City and citizens discuss LEAD", "publisher": "Yale Daily News"} | fields


def make_page(model, parent, **fields):
    """Create a live page with a revision, or a draft with `live=False`."""
    defaults = {"summary": "A summary."}
    if not {"title", "slug"} <= fields.keys():
        number = next(numbers)
        defaults["title"] = f"{model._meta.verbose_name} {number}"
        defaults["slug"] = f"{model._meta.model_name}-{number}"
    many = {
        name: fields.pop(name)
        for name in ("sources", "concerns", "partners", "form_fields")
        if name in fields
    }
    page = model(**(defaults | fields))
    for name, value in many.items():
        setattr(page, name, value)
    if page.live and not page.go_live_at:
        add_live(page, parent)
    else:
        parent.add_child(instance=page)
        revision = page.save_revision(clean=False)
        if page.live:
            revision.publish()
    if page.live:
        page.refresh_from_db()
    return page


def add_live(page, parent):
    """Leave what publishing a new page leaves, without validating and saving it once more."""
    with disable_reference_index_auto_update():
        parent.add_child(instance=page)
        revision = page.save_revision(clean=False, changed=False)
    page.live_revision, page.last_published_at = revision, timezone.now()
    page.first_published_at = page.first_published_at or page.last_published_at
    names = ("live_revision", "first_published_at", "last_published_at")
    Page.objects.filter(pk=page.pk).update(**{name: getattr(page, name) for name in names})
    ReferenceIndex.create_or_update_for_object(page)
    page_published.send(sender=type(page), instance=page, revision=revision)
    log(page, "wagtail.publish", revision=revision, content_changed=True)


def unfinished(page, *names):
    """Turn a page into a draft in which these fields are still empty, as the form saves it."""
    for name in names:
        setattr(page, name, None)
    page.save(clean=False)
    page.save_revision(clean=False)
    return page


def only(model, address, **fields):
    """Return the only page of a type; create it if necessary, or if there are fields."""
    if not fields:
        page = model.objects.filter(locale=Locale.get_default()).first()
        if page or (make_home() and (page := stored.put(model))):
            return page
    parent = fields.pop("parent", None) or make_home()
    return make_page(
        model, parent, **({"slug": address, "title": address.capitalize(), "show_in_menus": True} | fields)
    )


def make_home(**fields):
    """Create the home page, at the root of the default site."""
    if home := HomePage.objects.first():
        return home
    if not fields and (home := stored.put(HomePage)):
        return home
    defaults = {"title": "LEAD Watch", "slug": "watch", "headline": "What LEAD promised"}
    home = make_page(HomePage, Page.objects.get(depth=1), **(defaults | fields))
    site = Site.objects.get(is_default_site=True)
    site.root_page = home
    site.save()
    return home


def make_translation(original, language="es", **fields):
    """Create and publish the translation of a page or snippet, with other words in some fields."""
    locale, _new = Locale.objects.get_or_create(language_code=language)
    translation = original.copy_for_translation(locale)
    for name, value in fields.items():
        setattr(translation, name, value)
    translation.save()
    if isinstance(translation, Page):
        translation.save_revision().publish()
    return translation


def make_overview(**fields):
    return only(OverviewPage, "about", **fields)


def make_concern_index(**fields):
    return only(ConcernIndexPage, "concerns", **fields)


def make_timeline(**fields):
    return only(TimelinePage, "timeline", **fields)


def make_document_index(**fields):
    return only(DocumentIndexPage, "documents", **fields)


def make_partner_index(**fields):
    return only(PartnerIndexPage, "partners", **fields)


def make_figures_page(**fields):
    return only(FiguresPage, "figures", **fields)


def make_glossary(**fields):
    return only(GlossaryPage, "glossary", **fields)


def make_standard_page(parent=None, **fields):
    return make_page(StandardPage, parent or make_home(), **fields)


def make_contact(**fields):
    if not fields:
        page = ContactPage.objects.first()
        if page or (make_home() and (page := stored.put(ContactPage))):
            return page
    question = ContactFormField(label="Your message", field_type="multiline", required=True, sort_order=0)
    answer = ContactFormField(
        label="How can we reach you", field_type="singleline", required=False, sort_order=1
    )
    defaults = {
        "slug": "contact",
        "title": "Contact",
        "readers": "The editors",
        "thanks": "Thank you for writing.",
        "form_fields": [question, answer],
    }
    return only(ContactPage, "contact", **(defaults | fields))


# Pages that many tests begin with, kept by tests/support/stored.py. Those of figures and terms also change
# what the search knows of figures and terms, so they are always made.
STORED = (
    make_home,
    make_timeline,
    make_concern_index,
    make_partner_index,
    make_document_index,
    make_overview,
    make_contact,
)


def make_concern(parent=None, **fields):
    defaults = {"sources": [ConcernSource(**source_fields())]}
    return make_page(ConcernPage, parent or make_concern_index(), **(defaults | fields))


def make_partner(parent=None, **fields):
    defaults = {"kind": "Grassroots organization", "role": "Maintains the site", "standing": "1-watcher"}
    return make_page(PartnerPage, parent or make_partner_index(), **(defaults | fields))


def make_document(parent=None, **fields):
    defaults = {
        "issued_by": "City of New Haven",
        "date": "2017-04-03",
        "kind": "agreement",
        "sources": [DocumentSource(**source_fields())],
    }
    return make_page(DocumentPage, parent or make_document_index(), **(defaults | fields))


def make_category(slug="policy", **fields):
    category = EventCategory.objects.filter(slug=slug).first()
    defaults = {"slug": slug, "name": slug.capitalize(), "locale": Locale.get_default()}
    return category or EventCategory.objects.create(**(defaults | fields))


def make_event(parent=None, **fields):
    defaults = {"date": "2017-11-29", "sources": [EventSource(**source_fields())]}
    if "category" not in fields:
        defaults["category"] = make_category()
    return make_page(EventPage, parent or make_timeline(), **(defaults | fields))


def make_era(timeline=None, **fields):
    """Create an era of a timeline."""
    defaults = {"headline": f"Era {next(numbers)}", "start": "2014", "end": "2019-12"}
    return Era.objects.create(**({"timeline": timeline or make_timeline()} | defaults | fields))


def make_figure(values=(("2018", 590),), **fields):
    """Create a figure with a number for each pair of a period and a value."""
    number = next(numbers)
    defaults = {"title": f"Arrests {number}", "slug": f"arrests-{number}", "locale": Locale.get_default()}
    figure = Figure(**(defaults | fields))
    figure.values = [
        FigureValue(period_start=period, value=value, sort_order=place)
        for place, (period, value) in enumerate(values)
    ]
    figure.sources = [FigureSource(**source_fields())]
    figure.save()
    return figure


def make_term(**fields):
    number = next(numbers)
    defaults = {"term": f"Term {number}", "slug": f"term-{number}", "definition": "What it means."}
    return GlossaryTerm.objects.create(**({"locale": Locale.get_default()} | defaults | fields))


def image_file(name="photo.jpg", **options):
    """Return a small image; `options` are passed to Pillow, such as `exif`."""
    content = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(content, "JPEG", **options)
    return ContentFile(content.getvalue(), name=name)


def make_image(**fields):
    defaults = {"title": "Photo", "description": "People at City Hall", "file": image_file()}
    return SiteImage.objects.create(**(defaults | fields))


def make_file(name="minutes.txt", text=b"Minutes of a meeting", **fields):
    return SiteDocument.objects.create(
        **({"title": "Minutes", "file": ContentFile(text, name=name)} | fields)
    )


def make_file_page(file, number=1, **fields):
    """Make a page of a file, as if it was drawn."""
    name = f"{next(numbers):032x}"
    defaults = {"state": FilePage.State.DRAWN, "name": name, "width": 1600, "height": 2070}
    same = {"document": file, "file_hash": file.file_hash, "number": number}
    page = FilePage.objects.create(**(defaults | same | fields))
    for path in page.files:
        default_storage.save(path, ContentFile(b"WebP"))
    return page


def make_copy(address, content=b"What was there", extension="warc.gz", **fields):
    """Keep a copy of an address."""
    copy = KeptCopy.objects.create(**({"address": address, "kind": KeptCopy.Kind.FETCHED} | fields))
    copy.keep(content, extension)
    return copy


def pdf_file(pages, name="report.pdf"):
    """
    Return a minimal PDF, in Helvetica.

    :param pages: the text of each page, encodable as Windows-1252; an empty string is a page without text,
        as in a scan.
    """
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    # Objects 1 to 3 are the catalog, the list of pages and the font. Two more follow for each page.
    numbers = [4 + 2 * place for place in range(len(pages))]
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(pages)),
        font,
    ]
    for number, text in zip(numbers, pages, strict=True):
        drawing = pdf_drawing(text)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
        ]
    content, places = b"%PDF-1.4\n", []
    for number, thing in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    size = len(objects) + 1
    return ContentFile(content + end % (size, table, size, len(content)), name=name)


def pdf_drawing(text):
    """Return PDF operators that draw lines of text, starting at the top of the page."""
    if not text:
        return b"0 0 612 792 re f"
    lines = [
        line.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
        for line in text.splitlines()
    ]
    return b"BT /F1 12 Tf 14 TL 72 720 Td " + b" T* ".join(b"(%b) Tj" % line for line in lines) + b" ET"


def docx_file(paragraphs, name="letter.docx"):
    """Return a Word file with a paragraph for each text, or a table for a list of rows."""
    document = docx.Document()
    for text in paragraphs:
        if isinstance(text, str):
            document.add_paragraph(text)
        else:
            table = document.add_table(len(text), len(text[0]))
            for row, cells in zip(table.rows, text, strict=True):
                for cell, words in zip(row.cells, cells, strict=True):
                    cell.text = words
    content = BytesIO()
    document.save(content)
    return ContentFile(content.getvalue(), name=name)
