from home.blocks.addresses import LinkBlock
from home.blocks.body import BodyBlock, BodyField
from home.blocks.media import images_in
from home.blocks.words import TextBlock, sections_of

__all__ = ["BodyBlock", "BodyField", "LinkBlock", "TextBlock", "images_in", "sections_of"]
