"""Texts and links from elsewhere: cleaned as they are pasted, refused where they lead into the admin."""

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.forms.choosers import ExternalLinkChooserForm
from wagtail.admin.staticfiles import versioned_static

from home.external_links.targets import direct, validate_not_admin


class PublicLinkForm(ExternalLinkChooserForm):
    """The form in which an editor gives the address of a link within a text."""

    def clean_url(self):
        address = direct(self.cleaned_data["url"])
        validate_not_admin(address)
        return address


@hooks.register("insert_editor_js")
def clean_what_is_pasted():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/paste.js"))
