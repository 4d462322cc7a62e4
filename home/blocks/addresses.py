"""External addresses, alone or as the source of a block."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.external_links.completing import complete_link
from home.external_links.unwrapping import unwrap_url
from home.external_links.validation import validate_link


class LinkBlock(blocks.CharBlock):
    """An external address: http, https or mailto."""

    def __init__(self, **kwargs):
        super().__init__(validators=[validate_link], search_index=False, **kwargs)

    def clean(self, value):
        return super().clean(unwrap_url(complete_link(value)) if value else value)

    class Meta:
        icon = "link-external"


# The options of each `source_url`.
SOURCE_URL = {
    "required": False,
    "label": _("Address of the source"),
    "help_text": _("The source's title links to it: https://…"),
}


class SourceValue(blocks.StructValue):
    """The value of a block with a `source_title` and a `source_url`."""

    @property
    def source(self):
        """A dictionary of the title and the URL, either of which may be empty; None if both are."""
        title, url = self.get("source_title"), self.get("source_url")
        return {"title": title or url, "url": url} if title or url else None


# Migrations name Wagtail's block, so that they don't depend on this class.
DECONSTRUCT_ALIASES = {LinkBlock: "wagtail.blocks.CharBlock"}
