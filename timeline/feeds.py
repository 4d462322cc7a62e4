from home.dates.values import PreciseDate, for_people
from home.feeds import EntriesFeed, Entry, identity_of
from home.skipping import each_made

__all__ = ["TimelineFeed"]

# Entries in the feed.
LENGTH = 100


class TimelineFeed(EntriesFeed):
    """The events of a timeline that its filters let through, the newest first."""

    def __init__(self, timeline, events, address):
        """
        :param address: of the feed itself.
        """
        self.timeline = timeline
        self.events = events
        self.address = address

    def title(self):
        return self.timeline.title

    def subtitle(self):
        return self.timeline.summary

    def link(self):
        return self.timeline.full_url

    def feed_guid(self):
        """Not that of the whole timeline, where its filters let through only a part."""
        return self.address

    def feed_url(self):
        return self.address

    def items(self):
        return each_made(self.entry, self.events.with_details().prefetch_related("corrections")[:LENGTH])

    def entry(self, event):
        told = [
            f"{line.label}, {for_people(PreciseDate.from_date(line.date))}: {line.text}"
            for line in event.ordered_corrections
        ]
        return Entry(
            identity_of(event),
            f"{event.when}: {event.title}" if event.date else event.title,
            "\n\n".join([event.summary, *told]),
            f"{self.timeline.full_url}{event.slug}/",
            event.first_published_at,
            event.last_published_at,
            (event.category.name,) if event.category else (),
        )
