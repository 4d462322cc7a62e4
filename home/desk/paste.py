"""What is pasted from word processors is cleaned before it stands in a text."""

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static


@hooks.register("insert_editor_js")
def clean_what_is_pasted():
    return format_html('<script src="{}"></script>', versioned_static("desk/paste.js"))
