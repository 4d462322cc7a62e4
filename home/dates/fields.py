"""A model field, and its form field, for the dates of `home.dates.values`."""

import datetime
import logging

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Value, lookups
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import TextFieldComparison, register_comparison_class

from home.dates.values import DateParseError, PreciseDate, for_people, parse
from home.dates.widgets import PreciseDateInput

logger = logging.getLogger(__name__)

LONGEST_EDTF = len("2016-10-25~")


class PreciseDateFormField(forms.CharField):
    """Takes a date as people write it, gives a `PreciseDate` or None, and shows it as people write it."""

    widget = PreciseDateInput
    default_error_messages = {"invalid": DateParseError.message}

    def __init__(self, *, empty_value=None, **kwargs):
        super().__init__(empty_value=empty_value, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        if value == self.empty_value:
            return value
        try:
            return parse(value)
        except DateParseError as error:
            raise refusal(self, error) from error

    def prepare_value(self, value):
        return for_writing(value) if isinstance(value, PreciseDate) else value


class PreciseDateField(models.CharField):
    """A `PreciseDate`, or None, kept as EDTF text (None as "", so the column is never NULL).

    Text in any form that `home.dates.values.parse` takes may be assigned or looked up; other text is a
    `ValidationError`. `lt`, `lte`, `gt`, `gte` and `range` compare by `home.dates.values.sort_key`:
    `lt="2017"` is all before 2017, `gt="2017"` holds the months of 2017. A row without a date meets none of
    them; `date=None` finds it. Order by `precise_date_order`.
    """

    description = _("Date known to the day, the month or the year")
    default_error_messages = {"invalid": DateParseError.message, "null": _("This field cannot be blank.")}

    def __init__(self, *args, max_length=LONGEST_EDTF, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)
        # CharField has added a check of len(value), which a PreciseDate doesn't have.
        self.validators = [*self.default_validators, *self._validators]

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("max_length") == LONGEST_EDTF:
            del kwargs["max_length"]
        return name, path, args, kwargs

    def get_default(self):
        default = super().get_default()
        return self.to_python(default) if isinstance(default, str) else default

    def from_db_value(self, value, expression, connection):
        if not value:
            return None
        try:
            return PreciseDate.from_edtf(value)
        except DateParseError:
            # One bad row must not take a whole page down.
            logger.warning("%s holds %r, which is no date", self, value)
            return None

    def to_python(self, value):
        if value is None or isinstance(value, PreciseDate):
            return value
        if isinstance(value, datetime.date):
            return PreciseDate.from_date(value)
        if isinstance(value, str) and not value.strip():
            return None
        try:
            return parse(value)
        except DateParseError as error:
            raise refusal(self, error) from error

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return "" if value is None else str(value)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def get_searchable_content(self, value):
        """What a search index holds: the stored text, since lookups are translated to it."""
        return self.get_prep_value(value)

    def formfield(self, **kwargs):
        # Past CharField, which would limit what is typed to the length of what is stored.
        return super(models.CharField, self).formfield(**{"form_class": PreciseDateFormField, **kwargs})


class DayField(models.DateField):
    """
    A day for which forms propose today. The column has no default: what comes by an import or in code says
    itself when it was, or stays without.
    """

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        # A form's proposal is nothing for a migration to know.
        return name, "django.db.models.DateField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"initial": timezone.localdate, **kwargs})


class _InTime:
    def process_lhs(self, compiler, connection, lhs=None):
        sql, params = super().process_lhs(compiler, connection, lhs)
        return _without_about(sql), params

    def process_rhs(self, compiler, connection):
        sql, params = super().process_rhs(compiler, connection)
        if isinstance(sql, tuple | list):  # the two ends of a range
            return [_without_about(end) for end in sql], params
        return _without_about(sql), params

    def as_sql(self, compiler, connection):
        dated, dated_params = super().process_lhs(compiler, connection)
        sql, params = super().as_sql(compiler, connection)
        return f"({dated} <> '' AND {sql})", [*dated_params, *params]


for _lookup in (
    lookups.LessThan,
    lookups.LessThanOrEqual,
    lookups.GreaterThan,
    lookups.GreaterThanOrEqual,
    lookups.Range,
):
    PreciseDateField.register_lookup(type(_lookup.__name__, (_InTime, _lookup), {}))


class PreciseDateComparison(TextFieldComparison):
    """Wagtail's comparison of two revisions, in words."""

    def __init__(self, field, obj_a, obj_b):
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = (_in_words(field.to_python(value)) for value in (self.val_a, self.val_b))


register_comparison_class(PreciseDateField, comparison_class=PreciseDateComparison)


def precise_date_order(field_name):
    """The expression to order by that agrees with `home.dates.values.sort_key`, rows without a date first.

    The text has numbers of a fixed width, so any collation that knows digits gives this order once "~" is
    gone. Rows of equal dates need a second term: `order_by(precise_date_order("date"), "pk")`.
    """
    return Replace(F(field_name), Value("~"), Value(""), output_field=models.CharField())


def _without_about(sql):
    return f"REPLACE({sql}, '~', '')"


def _in_words(date):
    return "" if date is None else for_people(date)


def for_writing(date):
    """As people write it, if `parse` reads that back; in languages that it can't read, the EDTF text."""
    words = for_people(date)
    try:
        return words if parse(words) == date else str(date)
    except DateParseError:
        return str(date)


def refusal(field, error):
    """Return the error for a text that is no date: the field's own, unless the parser gave a reason."""
    knows = error.args[0] is not DateParseError.message
    return ValidationError(str(error) if knows else field.error_messages["invalid"], code="invalid")
