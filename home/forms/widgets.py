"""Fields of forms that help while an editor types."""

from decimal import Decimal

from django import forms
from django.db import models
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override


class SourceInput:
    """A field of a source with the script for suggestions and repeated addresses."""

    # The attributes that the script reads.
    data = {}

    class Media:
        js = ["site_admin/used_source.js"]
        css = {"all": ["site_admin/forms.css"]}

    def __init__(self, attrs=None):
        super().__init__({"autocomplete": "off"} | self.data | (attrs or {}))


class UsedSourceInput(SourceInput, forms.TextInput):
    """The title or publisher of a source, with suggestions from the sources that the site already names."""

    data = {
        "data-controller": "used-source",
        "data-used-source-url-value": reverse_lazy("used_sources"),
        "data-used-source-label-value": _("Sources already used"),
        "data-used-source-one-value": _("1 suggestion"),
        "data-used-source-many-value": _("{n} suggestions"),
    }


class SourceAddressInput(SourceInput, forms.URLInput):
    """The web address of a source. A script says when another source of the page has it too."""

    data = {
        "data-controller": "source-address",
        "data-source-address-twice-value": _("Source {n} has this address, too."),
    }


class NumberInput(forms.NumberInput):
    """A number as somebody would type it, without the zeros of its column: 10 instead of 10.00."""

    def format_value(self, value):
        return f"{value.normalize():f}" if isinstance(value, Decimal) else super().format_value(value)


class BrowserInput:
    """
    The browser's own field for a day or a moment, which shows it in the format of the person's language.

    Wagtail's calendar replaces what it cannot read with the present. The script keeps it, and says so.
    """

    class Media:
        js = ["site_admin/unread.js"]

    def __init__(self, attrs=None):
        # Years have four digits. Without an end, browsers wait for two more.
        super().__init__({"max": self.last} | (attrs or {}), format=self.iso)


class DayInput(BrowserInput, forms.DateInput):
    """A day."""

    input_type, iso, last = "date", "%Y-%m-%d", "9999-12-31"


class MomentInput(BrowserInput, forms.DateTimeInput):
    """A day and a time."""

    input_type, iso, last = "datetime-local", "%Y-%m-%dT%H:%M", "9999-12-31T23:59"


register_form_field_override(models.DecimalField, override={"widget": NumberInput})
register_form_field_override(models.DateField, override={"widget": DayInput})
register_form_field_override(models.DateTimeField, override={"widget": MomentInput})
