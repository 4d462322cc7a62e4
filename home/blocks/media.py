"""Blocks with images and videos."""

from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock, ImageChooserBlock

from home.blocks.addresses import LinkBlock
from home.blocks.examples import example_image
from home.consent.models import shown

GROUP = _("Images and video")


class DescribedImageBlock(ImageBlock):
    """Wagtail's block with our own labels and help texts."""

    def __init__(self, required=True, **kwargs):
        super().__init__(required, **kwargs)
        for name, block in {
            "image": ImageChooserBlock(
                required=required, label=_("Image"), help_text=_("From the image library.")
            ),
            "decorative": blocks.BooleanBlock(
                required=False,
                label=_("Decorative"),
                help_text=_("Only if the image adds nothing to the text. Screen readers then skip it."),
            ),
            "alt_text": blocks.CharBlock(
                required=False,
                label=_("Description"),
                help_text=_("What the image shows, in a sentence, for people who cannot see it."),
            ),
        }.items():
            block.set_name(name)
            self.child_blocks[name] = block

    def get_searchable_content(self, value):
        return [] if value and value.is_withheld else super().get_searchable_content(value)


def images_in(body):
    """Return the images in the text of a page that visitors may see, in order."""
    names = {"image": "image", "video": "still"}
    children = [child for child in body if child.block_type in names]
    images = [shown(child.value.get(names[child.block_type])) for child in children]
    return [image for image in images if image]


class CaptionedImageBlock(blocks.StructBlock):
    image = DescribedImageBlock(label=_("Image"))
    caption = blocks.CharBlock(
        required=False,
        max_length=300,
        label=_("Caption"),
        help_text=_("Shown below the image, before its credit."),
    )

    def get_searchable_content(self, value):
        image = value.get("image")
        return [] if image and image.is_withheld else super().get_searchable_content(value)

    class Meta:
        icon = "image"
        label = _("Image")
        group = GROUP
        description = _("An image with its caption and credit.")
        template = "blocks/image.html"

        @staticmethod
        def preview_value():
            caption = _("The pilot began Downtown, in Hill North and in Hill South.")
            return {"image": example_image(), "caption": caption}


class VideoValue(blocks.StructValue):
    @property
    def site(self):
        return urlsplit(self.get("url") or "").hostname


class VideoBlock(blocks.StructBlock):
    still = DescribedImageBlock(
        label=_("Still"),
        help_text=_("An image from the video, uploaded here. Nothing is loaded from other sites."),
    )
    title = blocks.CharBlock(
        max_length=150,
        label=_("Title"),
        help_text=_("What the video is called. Readers see it below the still."),
    )
    url = LinkBlock(
        label=_("Address of the video"),
        help_text=_("The page tells visitors that this link leads to another site."),
    )
    duration = blocks.CharBlock(
        required=False, max_length=30, label=_("How long it is"), help_text=_("For example: 12 minutes.")
    )

    class Meta:
        icon = "media"
        label = _("Video")
        group = GROUP
        description = _("A still that links to a video on another site.")
        template = "blocks/video.html"
        value_class = VideoValue

        @staticmethod
        def preview_value():
            return {
                "still": example_image(),
                "title": _("Teach-in on LEAD's first nine months"),
                "url": "https://law.yale.edu/ghjp",
                "duration": _("45 minutes"),
            }
