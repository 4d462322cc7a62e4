"""Fill the stock site: 14 pictures on the home page, and a blog page with the parts of our event."""

import datetime as dt

from django.core.files.base import ContentFile
from wagtail.images.models import Image
from wagtail.models import Collection, Locale, Page, Site
from wagtail.rich_text import RichText

from tests.bench import parts
from tests.bench.stock.models import (
    BlogPage,
    BlogSource,
    HomePage,
    IndexPage,
    RelatedPage,
    SiteSettings,
    TextPage,
)

SECTIONS, TEXTS, POSTS = 7, 5, 7


def fill():
    # Wagtail's migrations would have created these.
    Locale.objects.create(language_code="en")
    Collection.add_root(name="Root")
    root = Page.add_root(title="Root", slug="root")
    images = [make_image(number) for number in range(15)]
    home = root.add_child(
        instance=HomePage(title="Stock", summary=parts.WORDS, image=images[0], lead_image=images[1])
    )
    site = Site.objects.create(hostname="127.0.0.1", port=8000, root_page=home, is_default_site=True)
    SiteSettings.objects.create(site=site, footer_text=parts.WORDS)
    sections = [
        home.add_child(instance=IndexPage(title=f"Section {number}", summary=parts.WORDS, show_in_menus=True))
        for number in range(SECTIONS)
    ]
    for number in range(TEXTS):
        home.add_child(instance=TextPage(title=f"Text {number}", summary=parts.WORDS))
    posts = [
        section.add_child(instance=post(f"Post {place} {number}", images[2 + 4 * place + number % 4]))
        for place, section in enumerate(sections[:3])
        for number in range(POSTS)
    ]
    page = posts[POSTS + 2]
    linked = sections[0].pk
    page.body = [
        *(("heading", {"text": words, "size": "h2"}) for words in parts.SECTIONS),
        ("text", RichText(parts.text([linked] * 3))),
        ("text", RichText(parts.text([sections[1].pk] * 3))),
        ("image", {"image": images[14], "caption": parts.WORDS, "credit": "A photographer"}),
        ("quote", {"text": parts.WORDS, "who": "A resident"}),
    ]
    page.sources = [BlogSource(sort_order=place, **fields) for place, fields in enumerate(parts.SOURCES)]
    page.related = [
        RelatedPage(sort_order=place, other=other.page_ptr)
        for place, other in enumerate(posts[: parts.RELATED])
    ]
    page.save()
    home.section_1, home.section_2, home.section_3 = (section.page_ptr for section in sections[:3])
    home.save()


def post(title, image):
    return BlogPage(
        title=title, summary=parts.WORDS, image=image, date=dt.date(2018, 5, 1), place="City Hall"
    )


def make_image(number):
    file = ContentFile(parts.picture(number), name=f"picture-{number}.jpg")
    return Image.objects.create(title=f"Picture {number}", description="People at City Hall", file=file)


def paths():
    """Return the paths of the pages by their names."""
    home = HomePage.objects.get()
    page = BlogPage.objects.exclude(sources=None).distinct().get()
    return {"home": home.url, "blog page": page.url}
