"""A script for new rows of a form, such as sources."""

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static


@hooks.register("insert_editor_js")
def focus_new_rows():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/new_row.js"))
