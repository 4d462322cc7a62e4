from home.dates.values import PreciseDate, for_people
from home.feeds import BaseFeed, FeedItem, item_id
from home.skipping import each_made

# The maximum number of items.
LENGTH = 100


class TimelineFeed(BaseFeed):
    """The feed of the filtered events of a timeline, newest first."""

    def __init__(self, timeline, events, address):
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
        """Return the URL with its filters, so that filtered feeds have IDs of their own."""
        return self.address

    def feed_url(self):
        return self.address

    def items(self):
        return each_made(
            self.item, self.events.select_related("category").prefetch_related("corrections")[:LENGTH]
        )

    def item(self, event):
        told = [
            f"{line.label}, {for_people(PreciseDate.from_date(line.date))}: {line.text}"
            for line in event.ordered_corrections
        ]
        return FeedItem(
            item_id(event),
            f"{event.when}: {event.title}" if event.date else event.title,
            "\n\n".join([event.summary, *told]),
            f"{self.timeline.full_url}{event.slug}/",
            event.first_published_at,
            event.last_published_at,
            (event.category.name,) if event.category else (),
        )
