"""What templates of every app need from `home`."""

import datetime as dt
import re

import nh3
from django import template
from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, override
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar
from wagtail.images.models import Filter, Picture
from wagtail.models import Page, Site
from wagtail.rich_text import RichText, expand_db_html

from home.dates import values
from home.external_links.cleaning import keep_attribute
from home.external_links.validation import is_link
from home.graphics.charts import chart_of, table_of
from home.models import PartnerPage
from home.querysets import BasePageQuerySet

register = template.Library()

# How deep in the tree the pages below a home page are.
SECTION_DEPTH = 3

PROSE_TAGS = {
    *("p", "br", "h2", "h3", "h4", "blockquote", "ul", "ol", "li"),
    *("a", "b", "strong", "i", "em", "sup"),
}
PHOTO_SIZES = ["format-{avif,webp,jpeg}", "width-{400,800,1200}"]
LINK_SCHEMES = {"http", "https", "mailto", "tel"}
# nh3 writes attributes and text in one way only, so that this matches links and nothing else.
# [1], with or without a link to the list of sources; other links are passed over whole.
CITATION = re.compile(
    r'\s*<a href="#source-(?P<linked>\d{1,4})">\[(?P=linked)\]</a>|<a\b.*?</a>|\s*\[(?P<typed>\d{1,4})\]',
    re.DOTALL,
)
OUTWARD_LINK = re.compile(r'<a (?=href="(?:https?:|[/\\]{2}))', re.IGNORECASE)


@register.filter
def prose(value):
    """
    Rich text, or HTML as a string, as HTML that is safe to show whatever is stored; None gives nothing.

    Markup that our editor cannot make is dropped and its words are kept, but for scripts and styles.
    """
    source = value.source if isinstance(value, RichText) else value
    html = nh3.clean(
        expand_db_html(source or ""),
        tags=PROSE_TAGS,
        attributes={"*": set(), "a": {"href"}},
        attribute_filter=keep_attribute,
        url_schemes=LINK_SCHEMES,
        link_rel=None,
    )
    return mark_safe(OUTWARD_LINK.sub('<a rel="noopener noreferrer" ', html))


@register.simple_tag(takes_context=True)
def cited_prose(context, value):
    """
    As `prose`, and each [1] is a button that opens that source of the page in its place.

    A number that no source has stays as it was written.
    """
    sources = getattr(context.get("page"), "cited_sources", ())

    def button(match):
        number = int(match["linked"] or match["typed"] or 0)
        if not 0 < number <= len(sources):
            return match[0]
        return render_to_string("components/source_number.html", {"number": number}).strip()

    return mark_safe(CITATION.sub(button, prose(value)))


@register.filter
def safe_link(address):
    """An outward address if a visitor may be sent there, else the empty string: no javascript, no data."""
    return address if is_link(address) else ""


@register.inclusion_tag("components/photo.html")
def photo(image, loading="lazy"):
    """
    A picture of the text, in sizes and formats among which a browser chooses; words where its file is lost or
    of a private collection.
    """
    sizes = image.get_renditions(*Filter.expand_spec(PHOTO_SIZES))
    attributes = {"sizes": "(min-width: 48rem) 44rem, 100vw", "loading": loading}
    return {"photo": Picture(sizes, attributes), "is_open": image.is_open}


@register.inclusion_tag("components/chart.html")
def figure_chart(figure, caption=""):
    """
    A Figure as a chart, where there is something to compare, beside its table and with its sources.

    Nothing, for a figure that is not published or no longer there.
    """
    if not figure or not figure.live:
        return {}
    return {
        "figure": figure,
        "caption": caption or figure.title,
        "chart": chart_of(figure),
        "table": table_of(figure),
        "sources": figure.sources.all(),
    }


@register.filter
def for_people(date):
    """A date as people read it, in the active language: a PreciseDate or a day; nothing for None."""
    if isinstance(date, dt.date):
        date = values.PreciseDate.from_date(date)
    return values.for_people(date) if date else ""


@register.filter
def for_machines(date):
    """A date as the value of an HTML `datetime` attribute; nothing for None."""
    if isinstance(date, dt.date):
        date = values.PreciseDate.from_date(date)
    return values.for_machines(date) if date else ""


@register.simple_tag(takes_context=True)
def main_menu(context):
    """
    The pages of the menu in the active language. `here` of each is the value of its `aria-current`: "page"
    for the page that is shown, "true" for the section that it is in, else nothing.
    """
    page = context.get("page")
    menu = [section for section in sections_of_site(context) if section.show_in_menus]
    for section in menu:
        section.here = ""
        if isinstance(page, Page) and page.path and page.path.startswith(section.path):
            section.here = "page" if page.pk == section.pk else "true"
    return menu


@register.simple_tag(takes_context=True)
def footer_menu(context):
    """The pages of text below the home page: privacy, accessibility and the like."""
    return [section for section in sections_of_site(context) if is_a(section, "StandardPage")]


@register.simple_tag(takes_context=True)
def site_page(context, model):
    """
    The first page of this model below the home page, or None.

    :param model: the name of the class: "ContactPage".
    """
    return next((section for section in sections_of_site(context) if is_a(section, model)), None)


@register.simple_tag(takes_context=True)
def home_address(context):
    """Where the home page is in the language of the menu."""
    with override(language_and_sections(context)[0]):
        return reverse("wagtail_serve", args=[""])


@register.simple_tag
def breadcrumbs(page):
    """
    The live pages above this one, from the home page on. Their way down is known from routing: no query.
    """
    ancestors = []
    while isinstance(page, Page) and page.depth and page.depth > 2:
        page = page.get_parent()
        if page.live:
            ancestors.insert(0, page)
    return ancestors


@register.simple_tag(takes_context=True)
def translations_of(context, page):
    """
    The page in each language in which anybody may read it, itself included; nothing if that is one.

    A copy that waits for its translation is none.
    """
    if not isinstance(page, Page) or not page.pk:
        return []
    pages = [
        other
        for other in pages_around(context)
        if other.translation_key == page.translation_key
        and (other.alias_of_id is None or other.pk == page.pk)
    ]
    return pages if len(pages) > 1 else []


@register.simple_tag
def watchers():
    """The organizations that keep this site, in the active language."""
    watchers = PartnerPage.objects.for_visitors().watchers()
    return watchers.filter(locale__language_code=get_language()).in_order()


@register.simple_tag(takes_context=True)
def editor_bar(context):
    """Wagtail's bar for those who are signed in. Nobody else's session is looked at."""
    request = context.get("request")
    if request is None:
        return ""
    may_be_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    return wagtailuserbar(context) if may_be_signed_in or getattr(request, "is_preview", False) else ""


def is_a(page, model):
    return page.specific_class is not None and page.specific_class.__name__ == model


def sections_of_site(context):
    """The pages below the home page that anybody may see, in order."""
    return language_and_sections(context)[1]


def language_and_sections(context):
    """
    The language of the menu and the pages below its home page: the active language, or the site's first where
    the active one has no pages.
    """
    request = context.get("request")
    if request is None:
        return get_language(), []
    if not hasattr(request, "language_and_sections"):
        site = Site.find_for_request(request)
        roots = {
            path.language_code: path.root_path
            for path in Site.get_site_root_paths()
            if path.site_id == site.pk
        }
        pages = [page for page in pages_around(context) if page.depth == SECTION_DEPTH]
        request.language_and_sections = settings.LANGUAGE_CODE, []
        for language in (get_language(), settings.LANGUAGE_CODE, *roots):
            below = [
                page for page in pages if language in roots and page.url_path.startswith(roots[language])
            ]
            if below:
                request.language_and_sections = language, below
                break
    return request.language_and_sections


def pages_around(context):
    """
    What menus lead to: the sections of the site and the translations of the page, those that anybody may see.

    In one query for each request, whatever asks for them.
    """
    request, page = context.get("request"), context.get("page")
    if hasattr(request, "pages_around"):
        return request.pages_around
    wanted = Q(depth=SECTION_DEPTH)
    if isinstance(page, Page):
        wanted |= Q(translation_key=page.translation_key)
    public = BasePageQuerySet(Page).for_visitors()
    pages = list(public.filter(wanted).select_related("locale").order_by("path"))
    if request is not None:
        request.pages_around = pages
    return pages
