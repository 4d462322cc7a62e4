"""A script that keeps the panels beside a form closed on a phone."""

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static


@hooks.register("insert_editor_js")
def close_panels():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/side_panel.js"))
