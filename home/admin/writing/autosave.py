"""Show which fields autosave could not save."""

from django.template.loader import render_to_string
from wagtail import hooks


@hooks.register("insert_editor_js")
def point_to_what_is_not_saved():
    return render_to_string("home/admin/autosave.html")
