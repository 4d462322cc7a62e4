from django.conf import settings
from django.contrib.syndication.views import Feed
from django.utils.feedgenerator import Atom1Feed

from home.dates import PreciseDate, for_people
from home.feeds import identity_of

__all__ = ["TimelineFeed"]

# Entries in the feed.
LENGTH = 100


class TimelineFeed(Feed):
    """The events of a timeline that its filters let through, the newest first."""

    feed_type = Atom1Feed
    item_guid_is_permalink = False

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

    def author_name(self):
        return settings.WAGTAIL_SITE_NAME

    def link(self):
        return self.timeline.full_url

    def feed_guid(self):
        """Not that of the whole timeline, where its filters let through only a part."""
        return self.address

    def feed_url(self):
        return self.address

    def items(self):
        return self.events.with_details().prefetch_related("corrections")[:LENGTH]

    def item_guid(self, event):
        return identity_of(event)

    def item_title(self, event):
        return f"{event.when}: {event.title}"

    def item_description(self, event):
        told = [
            f"{line.label}, {for_people(PreciseDate.from_date(line.date))}: {line.text}"
            for line in event.ordered_corrections
        ]
        return "\n\n".join([event.summary, *told])

    def item_link(self, event):
        return f"{self.timeline.full_url}{event.slug}/"

    def item_categories(self, event):
        return [event.category.name]

    def item_pubdate(self, event):
        return event.first_published_at

    def item_updateddate(self, event):
        return event.last_published_at
