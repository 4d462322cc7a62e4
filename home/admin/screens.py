"""Parts that several screens of the admin share."""

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

STYLES = forms.Media(css={"all": ["site_admin/lists.css"]})


def breadcrumbs(*steps):
    """
    Return the breadcrumbs of a screen, beginning with the admin's first screen.

    :param steps: pairs of a URL and a label. The URL of the last one is empty.
    """
    home = {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")}
    return [home, *({"url": url, "label": label} for url, label in steps)]
