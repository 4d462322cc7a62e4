"""Which language the description of an image is in."""

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock

from home.content_checks.problem import Problem
from home.content_checks.text import TextProblems
from home.translating.originals import original_of


def description_of(image, page, code):
    """
    Return the description of an image on a page for readers of a language, and the code of its language.

    A translation begins with the descriptions that the original has in its blocks.
    """
    text, language = image.described(code)
    if text and language != settings.LANGUAGE_CODE and text == image.contextual_alt_text:
        original = original_of(page) if hasattr(page, "images") else None
        if original and text in {each.contextual_alt_text for each in original.images}:
            language = settings.LANGUAGE_CODE
    return text, language


def undescribed(page):
    """Yield a hint for each image of a translation that is not described in its language."""
    code = page.locale.language_code
    in_library = _("The image “%(title)s” has no description in this language. Add it in the image library.")
    in_block = _("The image “%(title)s” is not described in this language yet. Replace its description.")
    fields = [field.name for field in page._meta.fields if field.related_model is get_image_model()]
    images = [(getattr(page, name), "", in_library) for name in fields]
    for leaf in TextProblems(page).leaves if hasattr(page, "body") else ():
        if isinstance(leaf.block, ImageBlock):
            images.append((leaf.value, f"{leaf.path}.alt_text", in_block))
    for image, path, words in images:
        text, language = description_of(image, page, code) if image else ("", code)
        if text and language != code:
            yield Problem(words % {"title": image.title}, path, is_hint=True)
