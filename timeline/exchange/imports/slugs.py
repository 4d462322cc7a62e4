"""Slugs for imported events."""

from itertools import count

from django.utils.functional import cached_property
from django.utils.text import slugify

from home.addresses.reserved import is_reserved
from timeline.models import TimelinePage

LONGEST = 200


class Slugs:
    """Hands out free slugs below a timeline, in any script and in linear time."""

    def __init__(self, timeline: TimelinePage) -> None:
        self.timeline = timeline
        self.next_numbers: dict[str, int] = {}

    @cached_property
    def taken(self) -> set[str]:
        return set(self.timeline.get_children().values_list("slug", flat=True))

    def free(self, text: str) -> str:
        wanted = slugify(text, allow_unicode=True)[:LONGEST].strip("-_") or "event"
        for number in count(self.next_numbers.get(wanted, 1)):
            slug = wanted if number == 1 else f"{wanted}-{number}"
            if slug not in self.taken and not is_reserved(slug, self.timeline):
                break
        self.next_numbers[wanted] = number + 1
        self.taken.add(slug)
        return slug
