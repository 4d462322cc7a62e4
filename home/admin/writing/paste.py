"""Pasted text, cleaned by a script, and links in rich text, which may not lead to the admin."""

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.forms.choosers import ExternalLinkChooserForm
from wagtail.admin.staticfiles import versioned_static

from home.external_links.unwrapping import unwrap_url
from home.external_links.validation import validate_not_admin


class PublicLinkForm(ExternalLinkChooserForm):
    def clean_url(self):
        address = unwrap_url(self.cleaned_data["url"])
        validate_not_admin(address)
        return address


@hooks.register("insert_editor_js")
def paste_script():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/paste.js"))
