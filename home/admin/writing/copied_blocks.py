"""Blocks that are copied on one page and pasted on another."""

from django import forms
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockAdapter

from home.blocks import BodyBlock


class BodyBlockAdapter(StreamBlockAdapter):
    """
    The form of a body: as Wagtail's, with Copy on each block, and below the last one what was copied.

    What is pasted is kept by the browser, and checked when the page is saved, as what is typed.
    """

    js_constructor = "home.BodyBlock"

    def js_args(self, block):
        *args, meta = super().js_args(block)
        words = {
            "copy": _("Copy, to paste on another page"),
            "copied": _("Copied. It can be pasted below the last block, on this page or another one."),
            "shelf": _("Copied blocks"),
            "paste": _("Paste “%s”"),
            "pasted": _("Pasted below the last block."),
            "failed": _("This could not be copied or pasted."),
            "forget": _("Forget what was copied"),
        }
        return [*args, meta | {"copying": words}]

    @cached_property
    def media(self):
        return super().media + forms.Media(
            js=["site_admin/copied_blocks.js"], css={"all": ["site_admin/forms.css"]}
        )


register(BodyBlockAdapter(), BodyBlock)


@hooks.register("insert_global_admin_js")
def forget_copies_at_sign_in():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/forget_copies.js"))
