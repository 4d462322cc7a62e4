"""A save that was refused says which fields to look at, and leads to them."""

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static


@hooks.register("insert_editor_js")
def lead_to_errors():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/error_links.js"))
