"""What an editor meets whose session ends while she writes: she signs in again, and nothing is lost."""

from django.template.loader import render_to_string
from wagtail import hooks


@hooks.register("insert_editor_js")
def say_who_was_signed_out():
    return render_to_string("home/admin/signed_out.html")
