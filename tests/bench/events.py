"""Fill an empty site with timelines of different sizes."""

from wagtail.models import Page

from tests.bench.search_pages import new_event, store
from tests.support import factories
from timeline.models import Era, EventSource

WORDS = """
the board heard from residents and put the vote off until the police could say how many were
""".split()  # noqa: SIM905 (a sentence is easier to read)
KINDS = ("Policy", "Policing", "Funding", "Community")


def fill(*sizes):
    categories = [factories.make_category(name.lower(), name=name) for name in KINDS]
    factories.make_home()
    for size in sizes:
        timeline = factories.make_timeline(slug=f"events-{size}", title=f"{size} events")
        timeline.eras = [Era(headline="The pilot", start="2017-11", end="2018-07")]
        timeline.save_revision().publish()
        events, sources = [], []
        for number in range(size):
            start = number * 7 % len(WORDS)
            text = [*WORDS[start:], *WORDS, *WORDS, *WORDS]
            event = new_event(
                timeline,
                number,
                f"Event {number:04} {' '.join(text[:5])}",
                summary=" ".join(text[5:33]).capitalize() + ".",
                date=f"{2011 + number * 13 // max(size, 1)}-{number % 12 + 1:02}-{number % 28 + 1:02}",
                category=categories[number % len(categories)],
                place="City Hall" if number % 3 else "",
            )
            cited = {"title": " ".join(text[33:40]), "publisher": "Paper", "url": "https://example.org/a"}
            events.append(event)
            sources.append(EventSource(owner=event, sort_order=0, **cited))
        # To save them one by one would take longer than what is measured.
        store(events)
        EventSource.objects.bulk_create(sources)
        Page.objects.filter(pk=timeline.pk).update(numchild=size)
