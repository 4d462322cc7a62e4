"""A problem that an editor should fix, and the problems of one date, one image and one address."""

import datetime
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from home.dates.values import PreciseDate, for_people
from home.external_links.validation import leads_somewhere, leads_to_the_admin


@dataclass(frozen=True)
class Problem:
    """Something that an editor should fix."""

    words: str  # What is wrong and what to do.
    path: str  # The field, and the blocks in it by id, joined by dots as in Wagtail's comments; or "".
    is_hint: bool = False  # Whether the page is fine to publish as it is.


def date_problems(instance, path=None):
    """
    Yield a hint for each date of a page or row that is still to come, which may be a mistake. Times, such as
    that of a scheduled publication, don't count.

    :param path: by default, the field.
    """
    words = _("“%(field)s” is %(date)s, which is still to come. Is that right?")
    for field in instance._meta.fields:
        value = getattr(instance, field.attname)
        date = PreciseDate.from_date(value) if type(value) is datetime.date else value
        if isinstance(date, PreciseDate) and date.is_to_come:
            names = {"field": capfirst(field.verbose_name), "date": for_people(date)}
            yield Problem(words % names, path or field.name, is_hint=True)


def image_problem(image, is_described, path):
    if image and not is_described:
        words = _(
            "The image “%(title)s” has no description for people who cannot see it. Describe it in a "
            "sentence, or mark it as decorative."
        )
        yield Problem(words % {"title": image.title}, path)
    if image and image.is_withheld:
        words = _(
            "Visitors do not see the image “%(title)s”, since the people in it no longer agree. Take it out."
        )
        yield Problem(words % {"title": image.title}, path, is_hint=True)


def address_problem(address, path, words=None):
    """Yield a problem if visitors can't follow an address. `words` is the text of the link, if it has any."""
    if leads_to_the_admin(address):
        message = _("“%(words)s” leads to a page that only editors can open. Link to the public page.")
    elif not leads_somewhere(address):
        message = _(
            "“%(words)s” leads nowhere: “%(address)s” is not a complete address. Copy it from the "
            "browser, beginning with https://."
        )
    else:
        return
    yield Problem(message % {"words": words or address, "address": address or ""}, path)
