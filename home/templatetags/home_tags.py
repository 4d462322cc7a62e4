"""Template tags and filters for the templates of all apps."""

import datetime as dt
import re
from functools import lru_cache

import nh3
from django import template
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, override
from wagtail.admin.templatetags.wagtailuserbar import wagtailuserbar
from wagtail.models import Locale, Page, Site
from wagtail.rich_text import RichText, expand_db_html

from home.addresses.sections import sections_in
from home.dates import values
from home.external_links.cleaning import SCHEMES, keep_attribute
from home.external_links.validation import is_link
from home.graphics.charts import chart_of, table_of
from home.graphics.pictures import SitePicture
from home.kept import kept, recall
from home.models import SiteSettings, watchers_in
from home.models.quotation import quotations_of
from home.seo.structured_data import site_name as name_of_site
from home.translating.pictures import description_of

register = template.Library()

PROSE_TAGS = {
    *("p", "br", "h2", "h3", "h4", "blockquote", "ul", "ol", "li"),
    *("a", "b", "strong", "i", "em", "sup"),
}
# The width of a photo: that of the text, or of a phone without the gutters.
PHOTO_SIZES = "(min-width: 38rem) 35rem, calc(100vw - 2rem)"
# The largest width and height of a logo, in CSS pixels. Its rendition has more, for sharp screens.
LARGEST_LOGO = 256, 80
# Matches [1], with or without a link to the list of sources, and skips other links. nh3 has normalized the
# HTML.
CITATION = re.compile(
    r'\s*<a href="#source-(?P<linked>\d{1,4})">\[(?P=linked)\]</a>|<a\b.*?</a>|\s*\[(?P<typed>\d{1,4})\]',
    re.DOTALL,
)
OUTWARD_LINK = re.compile(r'<a (?=href="(?:https?:|[/\\]{2}))', re.IGNORECASE)


@register.filter
def prose(value):
    """
    Return rich text, or HTML as a string, as safe HTML, whatever is stored; the empty string for None.

    Markup that our editor cannot produce is removed. Its text is kept, except that of scripts and styles.
    """
    source = value.source if isinstance(value, RichText) else value
    html = nh3.clean(
        expand_db_html(source or ""),
        tags=PROSE_TAGS,
        attributes={"*": set(), "a": {"href"}},
        attribute_filter=keep_attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return mark_safe(OUTWARD_LINK.sub('<a rel="noopener noreferrer" ', html))


@register.simple_tag(takes_context=True)
def cited_prose(context, value):
    """Like `prose`, but each [1] becomes a button that opens that source of the page, if there is one."""
    sources = getattr(context.get("page"), "cited_sources", ())

    def button(match):
        number = int(match["linked"] or match["typed"] or 0)
        if not 0 < number <= len(sources):
            return match[0]
        return source_number(number, get_language())

    return mark_safe(CITATION.sub(button, prose(value)))


@lru_cache(maxsize=200)
def source_number(number, _language):
    """Return the HTML of the button that opens a source."""
    return render_to_string("components/source_number.html", {"number": number}).strip()


@register.simple_tag
def html_of_sources(sources):
    """Return the HTML of each source, since some pages show it twice, its Quotation and our copy, or None."""
    template = get_template("components/source.html")
    return [
        (template.render({"source": source}), quotation, source.held_copy)
        for source, quotation in zip(sources, quotations_of(sources), strict=True)
    ]


@register.simple_tag
@lru_cache(maxsize=500)
def html_of_cover(cover):
    """Return the HTML of a Cover; the empty string for None."""
    return mark_safe(render_to_string("components/cover.html", {"cover": cover}).strip())


@register.filter
def safe_link(address):
    """Return a URL of another site if it is safe to link to, else the empty string."""
    return address if is_link(address) else ""


@register.inclusion_tag("components/photo.html", takes_context=True)
def photo(context, image, **attributes):
    """Show an image in several sizes and formats; its description if it is lost or not public; or nothing."""
    if image.is_withheld:
        return {}
    return {
        "photo": picture(context, image, "text", sizes=PHOTO_SIZES, **attributes),
        "is_open": image.is_open,
    }


@register.simple_tag(takes_context=True)
def logo(context, image, **attributes):
    """Show the logo of an organization, if it is public and not lost."""
    if not image or not image.is_open:
        return ""
    shown = picture(context, image, "logo", **attributes)
    size = shown.renditions[-1]
    if size.is_lost:
        return ""
    scale = min(1, LARGEST_LOGO[0] / size.width, LARGEST_LOGO[1] / size.height)
    shown.attrs |= {"width": round(size.width * scale), "height": round(size.height * scale)}
    return shown


def picture(context, image, place, **attributes):
    """Return the SitePicture of an image. Browsers load the first image of a page at once, others later."""
    made = image.made_for(place)
    if len({rendition.width for rendition in made.values()}) == 1:
        attributes.pop("sizes", None)
    page, reader = context.get("page"), get_language()
    attributes["alt"], language = description_of(image, page, reader)
    if attributes["alt"] and language != reader:
        attributes["lang"] = language
    images = getattr(page, "images", ())
    attributes["loading"] = "eager" if images and images[0] is image else "lazy"
    return SitePicture(made, attributes)


@register.inclusion_tag("components/chart.html")
def figure_chart(figure, caption="", form=""):
    """
    Show a Figure as a table with its sources and, if possible, a chart; nothing if it is not published.

    If it is translated, it is shown in the reader's language.
    """
    if not figure or not figure.live:
        return {}
    if figure.locale_id != Locale.get_active().pk:
        translation = figure.get_translation_or_none(Locale.get_active())
        figure = translation if translation and translation.live else figure
    return {
        "figure": figure,
        "caption": caption or figure.title,
        "chart": chart_of(figure, form),
        "table": table_of(figure),
        "sources": html_of_sources(figure.cited_sources),
    }


@register.filter
def for_people(date):
    """Return a PreciseDate or a date for people, in the active language; the empty string for None."""
    if isinstance(date, dt.date):
        date = values.PreciseDate.from_date(date)
    return values.for_people(date) if date else ""


@register.filter
def for_machines(date):
    """Return a PreciseDate or a date for the HTML `datetime` attribute; the empty string for None."""
    return values.for_machines(date) if date else ""


@register.simple_tag(takes_context=True)
def main_menu(context):
    """Return the Sections of the menu in the active language."""
    return [section for section in sections_of_site(context) if section.page.show_in_menus]


@register.simple_tag(takes_context=True)
def place_in_menu(context, page):
    """Return the address of the Section of a page, and the value for `aria-current` of the link to it."""
    path = page.path if isinstance(page, Page) else ""
    for section in sections_of_site(context) if path else ():
        if path.startswith(section.page.path):
            return section.address, "page" if page.pk == section.page.pk else "true"
    return "", ""


@register.simple_tag(takes_context=True)
def footer_menu(context):
    """Return the Sections that are text pages, such as privacy and accessibility."""
    return [section for section in sections_of_site(context) if section.is_a("StandardPage")]


@register.simple_tag(takes_context=True)
def site_page(context, model):
    """Return the first Section that is a page of a model, such as "ContactPage", or None."""
    return next((section for section in sections_of_site(context) if section.is_a(model)), None)


@register.simple_tag(takes_context=True)
def site_name(context):
    return name_of_site(context.get("request"))


@register.simple_tag(takes_context=True)
def home_address(context):
    """Return the URL of the home page in the language of the menu."""
    with override(language_and_sections(context)[0]):
        return reverse("wagtail_serve", args=[""])


@register.simple_tag(takes_context=True)
def shared(context, template, **variables):
    """
    Include a template that is the same on all pages of a site and language, apart from these variables. It is
    rendered once, so there must be few different values of them.
    """
    request = context.get("request")
    site = Site.find_for_request(request)
    key = template, get_language(), site and site.pk, tuple(variables.items())
    return recall(key, lambda: render_to_string(template, {"request": request, "site": site, **variables}))


@register.simple_tag
@kept
def site_settings():
    # `load` would store the defaults, which changes the content.
    return SiteSettings.objects.first() or SiteSettings()


@register.simple_tag
def breadcrumbs(page):
    """Return the live ancestors of a page, from the home page down."""
    return [step for step in reversed(getattr(page, "lineage", [])[1:]) if step.live]


@register.simple_tag
def watchers():
    """Return the organizations that keep this site, in the active language."""
    return watchers_in(get_language())


@register.simple_tag(takes_context=True)
def editor_bar(context):
    """Show Wagtail's user bar. Only look at the session of visitors with a session cookie."""
    request, page = context.get("request"), context.get("page")
    # Wagtail's bar fails on the password form of the root, which has no parent.
    if request is None or (isinstance(page, Page) and page.is_root()):
        return ""
    may_be_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    return wagtailuserbar(context) if may_be_signed_in or getattr(request, "is_preview", False) else ""


@register.filter
def in_words_for(assignment, user):
    return assignment.in_words_for(user)


def sections_of_site(context):
    """Return the Sections of the site, in order."""
    return language_and_sections(context)[1]


def language_and_sections(context):
    """Return a language and its Sections: the default language if the active one has no pages."""
    site = Site.find_for_request(context.get("request"))
    return sections_in(get_language(), site.pk) if site else (get_language(), [])
