"""Add pages with pictures, or timelines of some sizes, to the starter content."""

from django.conf import settings
from django.core.files.base import ContentFile
from wagtail.models import Page
from wagtail.rich_text import RichText

from concerns.models import ConcernPage
from home.models import DocumentPage, PartnerPage
from tests.bench import parts
from tests.bench.one_process import MISSING
from tests.bench.search_pages import Writer, new_event, relate, store
from tests.support import factories
from timeline.models import EventCategory, EventSource, TimelinePage

PICTURES = 14
# The slugs of the pages that are measured.
CONCERN, PARTNER = "not-diverted", "ghjp"


def fill(*sizes):
    concerns, partners = list(ConcernPage.objects.all()), list(PartnerPage.objects.all())
    if sizes:
        for size in sizes:
            add_timeline(size, concerns, partners)
        return
    images = [picture(number) for number in range(PICTURES)]
    add_parts(images, concerns, partners)
    body = [("image", {"image": image, "caption": parts.WORDS}) for image in images]
    factories.make_standard_page(slug="pictures", title="Pictures", summary=parts.WORDS, body=body)


def add_timeline(size, concerns, partners):
    writer, categories = Writer(), list(EventCategory.objects.all())
    timeline = factories.make_timeline(slug=f"events-{size}", title=f"{size} events", show_in_menus=False)
    events = [
        new_event(
            timeline,
            number,
            writer.title(),
            summary=writer.summary(),
            date=writer.date(),
            category=writer.random.choice(categories),
            place="City Hall" if number % 3 else "",
            verification=("confirmed", "reported", "disputed")[number % 3],
        )
        for number in range(size)
    ]
    store(events)
    # Not to the pages that are measured, which would list thousands of events.
    relate(events, "concerns", [page for page in concerns if page.slug != CONCERN][:2], writer)
    relate(events, "partners", [page for page in partners if page.slug != PARTNER][:2], writer)
    EventSource.objects.bulk_create(
        EventSource(owner=event, sort_order=0, **parts.SOURCES[number % len(parts.SOURCES)])
        for number, event in enumerate(events)
    )
    Page.objects.filter(pk=timeline.pk).update(numchild=size)


def add_parts(images, concerns, partners):
    """Add an event with the parts of the stock site's page."""
    body = [
        *(("heading", {"text": words, "level": "h2"}) for words in parts.SECTIONS),
        ("text", RichText(parts.text([concerns[0].pk] * 3))),
        ("text", RichText(parts.text([partners[0].pk] * 3))),
        ("image", {"image": images[1], "caption": parts.WORDS}),
        ("quote", {"text": parts.WORDS, "who": "A resident"}),
    ]
    related = parts.RELATED // 2
    event = factories.make_event(
        TimelinePage.objects.get(slug="timeline"),
        slug="event-with-parts",
        title="An event with all parts",
        summary=parts.WORDS,
        date="2018-05-01",
        category=EventCategory.objects.first(),
        lead_image=images[0],
        body=body,
        sources=[EventSource(sort_order=place, **fields) for place, fields in enumerate(parts.SOURCES)],
    )
    event.concerns, event.partners = concerns[:related], partners[:related]
    event.save_revision().publish()


def picture(number):
    file = ContentFile(parts.picture(number), name=f"picture-{number}.jpg")
    image = factories.make_image(title=f"Picture {number}", file=file, credit="A photographer")
    # Without a worker.
    image.make(image.missing_renditions())
    return image


def paths():
    """Return the paths of the pages by their names. The page cache is switched off."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("PublicCacheMiddleware")]
    found = {
        "home": "/",
        "event": "/timeline/final-report/",
        "event with parts": "/timeline/event-with-parts/",
        "concern": f"/concerns/{CONCERN}/",
        "partner": f"/partners/{PARTNER}/",
        "document": DocumentPage.objects.live().order_by("path").first().url,
        "pictures": "/pictures/",
        "search": "/search/?q=diversion",
        "feed": "/feed/",
        "sitemap": "/sitemap.xml",
        "404": MISSING,
        "timeline": "/timeline/",
    }
    for slug in TimelinePage.objects.exclude(slug="timeline").values_list("slug", flat=True):
        size = slug.removeprefix("events-")
        found |= {
            f"timeline {size}": f"/{slug}/",
            f"frame {size}": f"/{slug}/embed/",
            f"json {size}": f"/{slug}/events.json",
        }
    return found
