"""Scripts that lose no work: links to wrong fields, autosave, and an expired session."""

from django.template.loader import render_to_string
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static


@hooks.register("insert_editor_js")
def link_errors_to_fields():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/error_links.js"))


@hooks.register("insert_editor_js")
def show_autosave_errors():
    return render_to_string("home/admin/autosave.html")


@hooks.register("insert_editor_js")
def save_what_wagtail_misses():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/unsaved.js"))


@hooks.register("insert_editor_js")
def ask_to_sign_in_again():
    return render_to_string("home/admin/signed_out.html")
