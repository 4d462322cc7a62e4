from django.db import models
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Orderable, Page


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock()
    size = blocks.ChoiceBlock(choices=[("h2", "H2"), ("h3", "H3")])

    class Meta:
        template = "stock/blocks/heading.html"


class CaptionedImageBlock(blocks.StructBlock):
    image = ImageChooserBlock()
    caption = blocks.CharBlock(required=False)
    credit = blocks.CharBlock(required=False)

    class Meta:
        template = "stock/blocks/image.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    who = blocks.CharBlock(required=False)

    class Meta:
        template = "stock/blocks/quote.html"


class BodyBlock(blocks.StreamBlock):
    heading = HeadingBlock()
    text = blocks.RichTextBlock(template="stock/blocks/text.html")
    image = CaptionedImageBlock()
    quote = QuoteBlock()


def image_field():
    return models.ForeignKey(
        "wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )


def page_field():
    return models.ForeignKey(Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")


class BodyPage(Page):
    summary = models.TextField(blank=True)
    image = image_field()
    body = StreamField(BodyBlock(), blank=True)

    class Meta:
        abstract = True


class TextPage(BodyPage):
    """A page such as privacy, which the footer links to."""


class IndexPage(BodyPage):
    """A list of the pages below it."""

    def children(self):
        return self.get_children().specific().live()


class BlogPage(BodyPage):
    """A dated page with sources and related pages."""

    date = models.DateField(null=True)
    place = models.CharField(max_length=255, blank=True)


class BlogSource(Orderable):
    page = ParentalKey(BlogPage, related_name="sources", on_delete=models.CASCADE)
    title = models.CharField(max_length=255)
    publisher = models.CharField(max_length=255, blank=True)
    url = models.URLField(blank=True)


class RelatedPage(Orderable):
    page = ParentalKey(BlogPage, related_name="related", on_delete=models.CASCADE)
    other = models.ForeignKey(Page, related_name="+", on_delete=models.CASCADE)


class HomePage(BodyPage):
    """A home page with a picture, and three lists of pages with pictures."""

    lead_image = image_field()
    section_1 = page_field()
    section_2 = page_field()
    section_3 = page_field()


@register_setting
class SiteSettings(BaseSiteSetting):
    title_suffix = models.CharField(max_length=255, default="Stock")
    footer_text = models.TextField(blank=True)
