"""A form field for numbers as people write them."""

import re
import unicodedata
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator
from django.utils.translation import gettext_lazy as _

from home.models import Figure

WRITTEN = re.compile(
    r"(?P<minus>-?)(?P<dollar>\$?)(?P<digits>(?:\d{1,3}(?:[, ]\d{3})+|\d+)?(?:\.\d+)?) ?(?P<percent>%?)",
    re.ASCII,
)


def in_digits(number):
    """Return a number as somebody would type it; empty for None."""
    return "" if number is None else f"{Decimal(number).normalize():,f}"


class NumberField(forms.CharField):
    """A field that accepts "1,234", "12%" and "$75,000"."""

    default_error_messages = {
        "invalid": _("Write the number in digits, such as 1,234 or 12.5, and nothing else."),
        "dollar": _("This figure is not in dollars."),
        "percent": _("This figure is not in percent."),
    }
    default_validators = [DecimalValidator(14, 2)]

    def __init__(self, *, unit, **kwargs):
        super().__init__(empty_value=None, **kwargs)
        self.unit = unit

    def to_python(self, value):
        text = super().to_python(value)
        if text is None:
            return None
        text = unicodedata.normalize("NFKC", text).replace("−", "-")
        found = WRITTEN.fullmatch(text.replace("$ ", "$").replace("$-", "-$").replace("- ", "-"))
        if not found or not found["digits"]:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if found["dollar"] and self.unit != Figure.Unit.USD:
            raise ValidationError(self.error_messages["dollar"], code="dollar")
        if found["percent"] and self.unit != Figure.Unit.PERCENT:
            raise ValidationError(self.error_messages["percent"], code="percent")
        return Decimal(found["minus"] + re.sub("[, ]", "", found["digits"]))
