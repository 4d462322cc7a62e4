"""Addresses for events that are taken in."""

from itertools import count

from django.utils.text import slugify

from home.addresses.reserved import is_reserved

LONGEST = 200


class Slugs:
    """
    Gives out addresses below a timeline that are free, in any script.

    It remembers the next number for each one, so that ten thousand equal headlines take as many steps.
    """

    def __init__(self, timeline):
        self.timeline = timeline
        self.taken = set(timeline.get_children().values_list("slug", flat=True))
        self.next_numbers = {}

    def free(self, text):
        """The slug of a text, with a number behind it if it is taken."""
        wanted = slugify(text, allow_unicode=True)[:LONGEST].strip("-_") or "event"
        for number in count(self.next_numbers.get(wanted, 1)):
            slug = wanted if number == 1 else f"{wanted}-{number}"
            if slug not in self.taken and not is_reserved(slug, self.timeline):
                break
        self.next_numbers[wanted] = number + 1
        self.taken.add(slug)
        return slug
