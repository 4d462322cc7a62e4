from home.blocks.addresses import LinkBlock
from home.blocks.body import BodyBlock
from home.blocks.words import TextBlock, sections_of

__all__ = ["BodyBlock", "LinkBlock", "TextBlock", "sections_of"]
