"""Addresses for events that are taken in."""

from django.utils.text import slugify

from home.addresses import is_reserved

LONGEST = 200


class Slugs:
    """
    Gives out addresses below a timeline that are free, in any script.

    Remembers the last number behind each one, so that ten thousand equal headlines take as many steps.
    """

    def __init__(self, timeline):
        self.timeline = timeline
        self.taken = set(timeline.get_children().values_list("slug", flat=True))
        self.numbers = {}

    def free(self, text):
        """The slug of a text, with a number behind it if it is taken."""
        wanted = slugify(text, allow_unicode=True)[:LONGEST].strip("-_") or "event"
        slug, number = wanted, self.numbers.get(wanted, 0)
        while number == 0 or slug in self.taken or is_reserved(slug, self.timeline):
            number += 1
            slug = wanted if number == 1 else f"{wanted}-{number}"
        self.numbers[wanted] = number
        self.taken.add(slug)
        return slug
