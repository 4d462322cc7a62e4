"""The date field of the editors' forms."""

from django import forms
from django.urls import reverse_lazy


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
