"""Columns of a list, declared once for its table, its export and its details screen."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any

from home.dates import values


class In(Flag):
    LIST = auto()
    EXPORT = auto()
    DETAILS = auto()
    EVERYWHERE = LIST | EXPORT | DETAILS


@dataclass(frozen=True, eq=False)
class Column:
    """
    One property of the objects in a list.

    Django's admin accepts it in `list_display`, as a callable with a description and an order.

    :param value: takes an object and returns the content of the cell.
    :param sort: the field or annotation to order the list by.
    :param export_heading: the heading in exports, if it differs from the label.
    :param is_main: whether its cells link to the object.
    """

    label: str
    value: Callable[[Any], Any]
    places: In
    sort: str = ""
    export_heading: str = ""
    is_main: bool = False

    # Django's admin reads the name, and its templates would call a callable without an argument.
    __name__ = "column"
    do_not_call_in_templates = True

    def __call__(self, item):
        return self.value(item)

    @property
    def short_description(self):
        return self.label

    @property
    def admin_order_field(self):
        return self.sort

    @property
    def heading(self):
        return str(self.export_heading or self.label)


def date_for_people(date):
    """Return a date in words; empty if a draft has none."""
    return values.for_people(date) if date else ""


def date_for_sorting(date):
    """Return a date as a spreadsheet can sort it."""
    return values.for_machines(date) if date else ""
