"""A model field and a form field for `PreciseDate`."""

import datetime
import logging

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import lookups
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import TextFieldComparison, register_comparison_class

from home.dates.parsing import parse
from home.dates.values import DateParseError, PreciseDate, for_people

logger = logging.getLogger(__name__)

MAX_LENGTH = len("2016-10-25~")


class PreciseDateInput(forms.TextInput):
    """A date as people write it. Below the field, a script shows how it is read."""

    class Media:
        js = ["site_admin/precise_date.js"]
        css = {"all": ["site_admin/forms.css"]}

    def __init__(self, attrs=None):
        defaults = {
            "autocomplete": "off",
            "data-controller": "precise-date",
            "data-precise-date-url-value": reverse_lazy("read_date"),
        }
        super().__init__(defaults | (attrs or {}))


class PreciseDateFormField(forms.CharField):
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
            raise invalid_date(self, error) from error

    def prepare_value(self, value):
        return for_writing(value) if isinstance(value, PreciseDate) else value


class PreciseDateField(models.CharField):
    """
    Stores a `PreciseDate` as EDTF text. None is stored as "", so the column is never NULL.

    Any text that `parse` reads may be assigned or looked up. Other text raises a ValidationError.

    The lookups `lt`, `lte`, `gt`, `gte` and `range` compare by `sort_key`: `lt="2017"` finds dates before
    2017, `gt="2017"` also finds the months of 2017. They never find rows without a date; `date=None` does. To
    order by a date, use `precise_date_order`.
    """

    description = _("Date known to the day, the month or the year")
    default_error_messages = {"invalid": DateParseError.message, "null": _("This field cannot be blank.")}

    def __init__(self, *args, max_length=MAX_LENGTH, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)
        # Drop CharField's check of len(value): a PreciseDate has no length.
        self.validators = [*self.default_validators, *self._validators]

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("max_length") == MAX_LENGTH:
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
            # One invalid row must not break a whole page.
            logger.warning("%s holds %r, which is not a date", self, value)
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
            raise invalid_date(self, error) from error

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return "" if value is None else str(value)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def get_searchable_content(self, value):
        """Return the stored text, since lookups in the search index use it."""
        return self.get_prep_value(value)

    def formfield(self, **kwargs):
        # Skip CharField's method, which would limit the input to the length of the stored text.
        return super(models.CharField, self).formfield(**{"form_class": PreciseDateFormField, **kwargs})


class DayField(models.DateField):
    """A DateField with today as the initial value in forms, but not as the default elsewhere."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        # The form's initial value doesn't concern migrations.
        return name, "django.db.models.DateField", args, kwargs

    def formfield(self, **kwargs):
        return super().formfield(**{"initial": timezone.localdate, **kwargs})


class _ByTime:
    """Compares dates by time, ignoring "about", and never matches rows without a date."""

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
    PreciseDateField.register_lookup(type(_lookup.__name__, (_ByTime, _lookup), {}))


class PreciseDateComparison(TextFieldComparison):
    def __init__(self, field, obj_a, obj_b):
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = (_in_words(field.to_python(value)) for value in (self.val_a, self.val_b))


register_comparison_class(PreciseDateField, comparison_class=PreciseDateComparison)


def precise_date_order(field_name):
    """
    Return an expression that orders by time as `sort_key` does, with rows without a date first.

    The stored numbers have a fixed width, so any collation gives this order once "~" is removed. Add a second
    term to order equal dates: `order_by(precise_date_order("date"), "pk")`.
    """
    return WithoutAbout(field_name, output_field=models.CharField())


class WithoutAbout(models.Func):
    """The stored date without the mark "~". The SQL has no parameters, so that an index matches."""

    function = "REPLACE"
    template = "%(function)s(%(expressions)s, '~', '')"


def _without_about(sql):
    return f"REPLACE({sql}, '~', '')"


def _in_words(date):
    return "" if date is None else for_people(date)


def for_writing(date):
    """Return a date as people write it if `parse` can read that, otherwise as EDTF."""
    words = for_people(date)
    try:
        return words if parse(words) == date else str(date)
    except DateParseError:
        return str(date)


def invalid_date(field, error):
    """Return the error for an invalid date: the parser's if it names a reason, else the field's."""
    has_reason = error.args[0] is not DateParseError.message
    return ValidationError(str(error) if has_reason else field.error_messages["invalid"], code="invalid")
