"""
Pages that are hard to lay out: empty, crowded, long, right-to-left, with every field, with a lost image.

`fill` adds them to the site. All texts and organizations are made up.
"""

import datetime as dt
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps
from wagtail.models import Locale
from wagtail.rich_text import RichText

from concerns.models import ConcernPage, ConcernSource
from home.blocks import BodyBlock
from home.models import (
    Correction,
    DocumentPage,
    DocumentSource,
    Figure,
    FiguresPage,
    FigureValue,
    GlossaryPage,
    StandardPage,
)
from search.index.signals import adding_once
from tests.support import factories
from timeline.models import EventPage, EventSource

# Has no line break opportunity, and is longer than a line on a phone.
LONG_WORD = "Interneighborhoodcommunicationcoordinationsubcommitteerepresentativesassemblyhallannex"
LONG_TITLE = (
    f"The minutes of the {LONG_WORD} were read aloud, corrected twice, and put off to the meeting after the "
    "next, since nobody had brought the list of those who had been invited"
)
LONG_SUMMARY = (
    f"A summary as long as the form takes, about the {LONG_WORD}. It goes on for several sentences, since "
    "somebody wanted to say everything at once: when the meeting was, where it was, who had been asked to "
    "come, what was read, what was answered, what was left open, and when all of it will be taken up again. "
    "It does not say why."
)
LONG_ADDRESS = f"https://example.org/{'all-that-was-ever-written-down/' * 5}minutes.html"
ARABIC = "شبكة أصدقاء المكتبة"  # Network of friends of the library
HEBREW = "עמותת שכני הגן"  # Association of neighbors of the garden
SENTENCES = (
    "The board heard the report and asked for the numbers behind it.",
    "Residents said what they had seen, and wanted to know who would answer them.",
    "The department said that it would write to everybody who had signed the list.",
    "No letter had come by the end of the month.",
    "A second meeting was called for the spring, in a larger room.",
)
# Number of events with this word in their titles.
CROWD, CROWD_WORD = 210, "rehearsal"


def fill():
    # The previews of blocks show the first image.
    make_picture("Rings of light", credit="Made for this page")
    make_empty_pages()
    concerns, partners = make_concerns(), make_partners()
    make_documents()
    make_events(concerns, partners)
    make_figures()
    make_terms()
    make_texts()
    make_crowd()


def make_empty_pages():
    """Create an empty page of each type that lists others; in Spanish for figures and terms."""
    for make, slug, title in (
        (factories.make_timeline, "empty-timeline", "A timeline without events"),
        (factories.make_concern_index, "empty-concerns", "No concerns"),
        (factories.make_document_index, "empty-documents", "No records"),
        (factories.make_partner_index, "empty-partners", "No partners"),
    ):
        make(slug=slug, title=title, show_in_menus=False)
    spanish = Locale.objects.get(language_code="es")
    home = factories.make_home().copy_for_translation(spanish)
    home.live, home.alias_of, home.headline, home.body = True, None, "Lo que LEAD prometió", []
    home.save_revision().publish()
    for model, slug, title in (
        (FiguresPage, "empty-figures", "Cifras"),
        (GlossaryPage, "empty-glossary", "Glosario"),
    ):
        factories.make_page(model, home, slug=slug, title=title, locale=spanish, show_in_menus=True)


def make_concerns():
    """Create a concern in each state, one with a long title, and one with a long text and thirty sources."""
    index = factories.make_concern_index(slug="awkward-concerns", title="Concerns", show_in_menus=False)
    in_each_state = [
        factories.make_concern(index, slug=state, title=f"A concern: {label}", state=state)
        for state, label in ConcernPage.State.choices
    ]
    long = factories.make_concern(
        index,
        slug="long",
        title=LONG_TITLE,
        summary=LONG_SUMMARY,
        sources=[ConcernSource(**long_source())],
    )
    sections = [
        section
        for number in range(1, 13)
        for section in (
            ("heading", {"text": f"What was said, part {number}", "level": "h2" if number % 3 else "h3"}),
            ("text", paragraphs(2)),
        )
    ]
    many = factories.make_concern(
        index,
        slug="sources",
        title="A concern with thirty sources",
        last_reviewed=dt.date(2024, 2, 29),
        body=sections,
        sources=[ConcernSource(**full_source(number)) for number in range(1, 31)],
    )
    many.corrections = [
        Correction(kind=kind, date=dt.date(2023, month, 5), text=f"{SENTENCES[month - 1]} It said otherwise.")
        for month, kind in enumerate(["correction", "update", "correction", "update"], 1)
    ]
    many.save_revision().publish()
    return [*in_each_state, long, many]


def make_partners():
    """Create two partners with right-to-left names, and one with long values in every field."""
    index = factories.make_partner_index(slug="awkward-partners", title="Partners", show_in_menus=False)
    return [
        factories.make_partner(
            index, slug="arabic", title=ARABIC, summary="مجموعة من الجيران تعتني بالمكتبة.", standing="2-ally"
        ),
        factories.make_partner(
            index, slug="hebrew", title=HEBREW, summary="קבוצת שכנים שמטפלת בגן.", standing="2-ally"
        ),
        factories.make_partner(
            index,
            slug="long",
            title=LONG_TITLE,
            summary=LONG_SUMMARY,
            short_name=LONG_WORD[:50],
            kind=LONG_WORD,
            role=LONG_WORD,
            standing="3-subject",
            logo=make_picture("A wide logo", size=(1600, 200)),
            website=LONG_ADDRESS,
            contact=f"{LONG_WORD.lower()}@example.org",
        ),
    ]


def make_documents():
    """Create a document with long values in every field, and one with only the required fields."""
    index = factories.make_document_index(slug="awkward-documents", title="Records", show_in_menus=False)
    factories.make_document(
        index,
        slug="long",
        title=LONG_TITLE,
        summary=LONG_SUMMARY,
        issued_by=LONG_WORD,
        status="archived",
        file=factories.make_file(f"{LONG_WORD.lower()}.txt", title=LONG_WORD),
        sources=[DocumentSource(**long_source())],
    )
    factories.make_document(index, slug="bare", title="A record without a file", date="2018", sources=[])


def make_events(concerns, partners):
    """Create events of each kind, on a separate timeline with two eras."""
    timeline = factories.make_timeline(slug="awkward", title="Awkward events", show_in_menus=False)
    factories.make_era(timeline, headline="The first term", start="2015", end="2019")
    factories.make_era(timeline, headline=LONG_WORD, start="2017-06", end="2018")
    factories.make_event(
        timeline,
        slug="long",
        title=LONG_TITLE,
        summary=LONG_SUMMARY,
        place=f"Room 12 of the {LONG_WORD}",
        date="2017-03-30",
        end_date="2018-11",
        verification="confirmed",
        concerns=concerns,
        partners=partners,
        sources=[EventSource(**long_source())],
    )
    factories.make_event(
        timeline,
        slug="arabic",
        title=f"{ARABIC}: اجتماع مفتوح (2018)",
        summary="اجتمع الجيران في المكتبة وتحدثوا عن مواعيد العمل.",
        place="المكتبة",
        date="2018-05-04",
        partners=partners[:1],
    )
    factories.make_event(
        timeline,
        slug="hebrew",
        title=f"{HEBREW}: מפגש פתוח (2018)",
        summary="השכנים נפגשו בגן ודיברו על שעות הפתיחה.",
        place="הגן",
        date="2018-05-04",
        partners=partners[1:2],
    )
    factories.make_event(
        timeline,
        slug="picture",
        title="A meeting with a picture",
        date="2018-06-01",
        lead_image=make_picture("Rings of light", credit="Made for this page"),
        body=[("text", paragraphs(3))],
    )
    factories.make_event(timeline, slug="bare", title="A meeting without a picture", date="2018-06-01")
    factories.make_event(
        timeline,
        slug="disputed",
        title="Something that somebody says was otherwise",
        date="about 2016",
        verification="disputed",
    )
    lost = make_picture("A picture that was lost")
    factories.make_event(
        timeline, slug="lost", title="A meeting whose picture was lost", date="2019-01", lead_image=lost
    )
    lose(lost)


def make_figures():
    """Create a figure for each kind of chart, one with negative numbers, and one with too few for a chart."""
    # Sort them last, so that the previews of blocks show the same figures as before.
    last = {"sort_order": 1000}
    years = [(str(year), 40 + year * 37 % 90) for year in range(2011, 2024)]
    factories.make_figure(years, slug="line", title="Meetings in each year", **last)
    factories.make_figure([("2018", 12)], slug="one", title="A number alone", **last)
    for slug, title, unit, values in (
        ("bars", f"Seats of the {LONG_WORD}", "percent", (0, 12.5, 25, 37.5)),
        ("signs", "What was left over", "usd", (75000, -12500, 0, 134567)),
    ):
        figure = factories.make_figure(slug=slug, title=title, unit=unit, breakdown="neighborhood", **last)
        figure.values = [
            FigureValue(group=group, value=value, period_start="2018", sort_order=place)
            for place, (group, value) in enumerate(
                zip(("North", "South", LONG_WORD, ARABIC), values, strict=True)
            )
        ]
        figure.save()


def make_terms():
    factories.make_term(
        term=LONG_WORD, slug="long", aliases=f"{LONG_WORD}, {LONG_WORD}", definition=LONG_SUMMARY
    )
    factories.make_term(term=HEBREW, slug="hebrew", definition="שכנים שמטפלים בגן.")


def make_texts():
    """Create a page with every block, one with a lost image, and one with long words."""
    parent = factories.make_standard_page(slug="awkward-texts", title="Awkward texts")
    factories.make_standard_page(parent, slug="blocks", title="Every block", body=every_block())
    lost = make_picture("A picture that was lost")
    factories.make_standard_page(
        parent,
        slug="lost",
        title="A text whose picture was lost",
        listing_image=lost,
        body=[
            ("text", paragraphs(1)),
            ("image", {"image": described(lost), "caption": "What was seen"}),
            ("text", paragraphs(1)),
        ],
    )
    lose(lost)
    factories.make_standard_page(
        parent, slug="long", title=LONG_TITLE, summary=LONG_SUMMARY, body=blocks_of_long_words()
    )


def make_crowd():
    """Create more events than a page of results holds, without revisions and indexed at once, to be fast."""
    timeline = factories.make_timeline(slug="crowd", title="A crowded timeline", show_in_menus=False)
    category = factories.make_category()
    with adding_once():
        for number in range(CROWD):
            event = EventPage(
                title=f"The {CROWD_WORD} number {number + 1}",
                slug=f"event-{number}",
                summary=" ".join(SENTENCES[number % 5 :][:2]),
                date=f"{2008 + number // 14}-{number % 12 + 1:02}-{number % 28 + 1:02}",
                category=category,
            )
            event.sources = [EventSource(**factories.source_fields())]
            timeline.add_child(instance=event)


def every_block():
    """Return each block as in its preview, then the variants that the previews don't show."""
    picture = make_picture("Rings of light", credit="Made for this page")
    record = DocumentPage.objects.live().first()
    body = [(name, block.get_preview_value()) for name, block in BodyBlock().child_blocks.items()]
    body += [
        ("heading", {"text": "In other ways", "level": "h2"}),
        ("heading", {"text": "A part of the section", "level": "h3"}),
        (
            "text",
            RichText(f"<p>{SENTENCES[0]}</p><ol><li>One<ul><li>In it</li></ul></li><li>Two</li></ol>"),
        ),
        ("quote", {"text": "\n\n".join([" ".join(SENTENCES)] * 3), "who": "", "source_title": "The minutes"}),
        ("callout", {"heading": "", "text": paragraphs(1), "tone": "note"}),
        ("callout", {"heading": "", "text": paragraphs(1), "tone": "important"}),
        ("question", {"question": "Who was asked?", "answer": paragraphs(2), "level": "h2"}),
        ("image", {"image": described(picture), "caption": "The rings"}),
        ("image", {"image": described(make_picture("A tall picture", size=(400, 1200))), "caption": ""}),
        ("video", {"still": described(picture), "title": "The meeting", "url": "https://example.org/video"}),
        ("number", {"value": "$1,234,567", "label": "for the room", "source_title": "The minutes"}),
        *(
            ("chart", {"figure": Figure.objects.get(slug=slug), "caption": ""})
            for slug in ("line", "bars", "signs", "one")
        ),
        ("table", wide_table()),
        ("document", {"page": record, "file": factories.make_file(), "note": SENTENCES[0]}),
        ("related_pages", {"heading": "", "pages": list(StandardPage.objects.live()[:3])}),
        ("button", {"text": "Read the record", "page": record}),
    ]
    return body


def blocks_of_long_words():
    text = RichText(f'<p>{LONG_TITLE}</p><ul><li><a href="{LONG_ADDRESS}">{LONG_ADDRESS}</a></li></ul>')
    source = {"source_title": LONG_WORD, "source_url": LONG_ADDRESS}
    return [
        ("heading", {"text": LONG_WORD, "level": "h2"}),
        ("text", text),
        ("quote", {"text": LONG_TITLE, "who": LONG_WORD, **source}),
        ("callout", {"heading": LONG_WORD, "text": text, "tone": "safety"}),
        ("question", {"question": LONG_WORD, "answer": text, "level": "h3"}),
        ("number", {"value": "1,234,567,890,123", "label": LONG_WORD, "note": LONG_WORD, **source}),
        ("chart", {"figure": Figure.objects.get(slug="bars"), "caption": LONG_WORD}),
        ("document", {"page": DocumentPage.objects.get(slug="long"), "note": LONG_WORD}),
        ("related_pages", {"heading": LONG_WORD, "pages": [ConcernPage.objects.get(slug="long")]}),
        ("button", {"text": LONG_WORD[:60], "url": LONG_ADDRESS}),
    ]


def wide_table():
    years = [str(year) for year in range(2011, 2022)]
    table = {
        "caption": "Seats in each year",
        "columns": [{"type": "text", "heading": heading} for heading in ("Neighborhood", *years)],
        "rows": [
            {"values": [name, *(f"{len(name) * int(year):,}" for year in years)]}
            for name in ("North", "South", "East of the river")
        ],
    }
    return BodyBlock().child_blocks["table"].normalize({"table": table, "row_headings": True})


def paragraphs(count):
    return RichText("".join(f"<p>{' '.join(SENTENCES[number % 5 :])}</p>" for number in range(count)))


def long_source():
    return {"title": LONG_WORD, "publisher": LONG_WORD, "url": LONG_ADDRESS, "note": LONG_WORD}


def full_source(number):
    """Return a source with every field."""
    return factories.source_fields(
        title=f"Minutes of meeting {number}",
        url=f"https://example.org/minutes/{number}",
        published=f"2018-{number % 12 + 1:02}",
        accessed=dt.date(2024, 1, 15),
        archived_url=f"https://archive.example.org/minutes/{number}",
        note=f"Page {number}",
    )


def make_picture(description, size=(1600, 1000), **fields):
    """Return an image large enough to be cropped and resized."""
    content = BytesIO()
    rings = ImageOps.colorize(Image.radial_gradient("L").resize(size), "gold", "midnightblue", "teal")
    rings.save(content, "JPEG")
    file = ContentFile(content.getvalue(), name="rings.jpg")
    return factories.make_image(title=description, description=description, file=file, **fields)


def described(picture):
    """Return the value of an image block."""
    picture.contextual_alt_text, picture.decorative = picture.description, False
    return picture


def lose(picture):
    """Delete the file of an image and its renditions."""
    picture.file.storage.delete(picture.file.name)
    picture.renditions.all().delete()
