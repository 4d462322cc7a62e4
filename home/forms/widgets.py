"""Fields of the editors' forms that answer as one types. What they ask is in `home/admin/`."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

STYLES = {"all": ["site_admin/forms.css"]}


class PreciseDateInput(forms.TextInput):
    """A date as people write it; below it stands how it is read."""

    class Media:
        js = ["site_admin/precise_date.js"]
        css = STYLES

    def __init__(self, attrs=None):
        answers = {
            "autocomplete": "off",
            "data-controller": "precise-date",
            "data-precise-date-url-value": reverse_lazy("read_date"),
        }
        super().__init__(answers | (attrs or {}))


class UsedSourceInput(forms.TextInput):
    """A title or publisher of a source, with suggestions from the sources that the site names already."""

    class Media:
        js = ["site_admin/used_source.js"]
        css = STYLES

    def __init__(self, attrs=None):
        answers = {
            "autocomplete": "off",
            "data-controller": "used-source",
            "data-used-source-url-value": reverse_lazy("used_sources"),
            "data-used-source-label-value": _("Sources already used"),
            "data-used-source-one-value": _("1 suggestion"),
            "data-used-source-many-value": _("{n} suggestions"),
        }
        super().__init__(answers | (attrs or {}))


class SourceAddressInput(forms.URLInput):
    """The web address of a source, which says when another source of the page has it too."""

    class Media:
        js = ["site_admin/used_source.js"]
        css = STYLES

    def __init__(self, attrs=None):
        answers = {
            "autocomplete": "off",
            "data-controller": "source-address",
            "data-source-address-twice-value": _("Source {n} has this address, too."),
        }
        super().__init__(answers | (attrs or {}))
