"""Copying blocks from one page to another, and making them of text from word processors."""

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockAdapter

from home.admin.writing.paste import LARGEST_FILE, TOO_LARGE
from home.blocks import BodyBlock


class BodyBlockAdapter(StreamBlockAdapter):
    """
    Wagtail's form of a stream, with a Copy button on each block, and buttons below the last one.

    The browser keeps the copies. Pasted blocks are validated like any others when the page is saved.
    """

    js_constructor = "home.BodyBlock"

    def js_args(self, block):
        *args, meta = super().js_args(block)
        words = {
            "copy": _("Copy this block, to paste it on any page"),
            "copied": _("Copied. You can paste it below the last block of this page or any other."),
            "shelf": _("Copied blocks"),
            "paste": _("Paste “%s”"),
            "pasted": _("Pasted below the last block."),
            "failed": _("The block could not be copied or pasted."),
            "forget": _("Clear copied blocks"),
        }
        text = {
            "choose": _("Add the text of a Word file"),
            "begin": _("Begin with a Word file"),
            "begun": _("Filled in from “{name}”. Blocks added: {count}. Check each field."),
            "reading": _("Reading…"),
            "made": _("Blocks added: {count}."),
            "failed": _(
                "The text could not be divided into blocks. To paste it as it is, press Ctrl+Shift+V."
            ),
            "too_large": str(TOO_LARGE),
            "largest": LARGEST_FILE,
            "unread": _("The file could not be read, and nothing was changed. Try again in a minute."),
            "blocks_url": reverse("blocks_of_html"),
            "file_url": reverse("html_of_file"),
        }
        return [*args, meta | {"copying": words, "text": text}]

    @cached_property
    def media(self):
        return super().media + forms.Media(
            js=["site_admin/pasted_blocks.js", "site_admin/copied_blocks.js"],
            css={"all": ["site_admin/forms.css"]},
        )


register(BodyBlockAdapter(), BodyBlock)


@hooks.register("insert_global_admin_js")
def forget_copies_at_sign_in():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/forget_copies.js"))
