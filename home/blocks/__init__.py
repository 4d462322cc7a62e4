"""The blocks of a page's body. What each one shows is in `templates/blocks/`."""

from home.blocks.addresses import LinkBlock
from home.blocks.anchors import sections_of
from home.blocks.body import BodyBlock
from home.blocks.words import TextBlock

__all__ = ["BodyBlock", "LinkBlock", "TextBlock", "sections_of"]
