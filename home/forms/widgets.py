"""Fields of a source that help while an editor types."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


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
