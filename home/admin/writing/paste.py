"""Texts and links from elsewhere: cleaned as they are pasted, refused where they lead into the admin."""

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.forms.choosers import ExternalLinkChooserForm
from wagtail.admin.staticfiles import versioned_static

from home.external_links.unwrapping import unwrap_url
from home.external_links.validation import validate_not_admin


class PublicLinkForm(ExternalLinkChooserForm):
    """The form in which an editor gives the address of a link within a text."""

    def clean_url(self):
        address = unwrap_url(self.cleaned_data["url"])
        validate_not_admin(address)
        return address


@hooks.register("insert_editor_js")
def clean_what_is_pasted():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/paste.js"))
