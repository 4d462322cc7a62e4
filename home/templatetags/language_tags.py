"""Template tags for pages in several languages, and for words in another language than the page."""

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, override
from wagtail.models import Locale, Page, Site

from home.addresses.sections import sections_in
from home.feeds import query_of
from home.kept import kept
from home.models import HomePage, Translation, page_at
from home.querysets import visible
from home.seo.sitemap import hreflangs, public_translations_of
from home.translating.languages import language_of

register = template.Library()


@register.simple_tag
def updates_feed():
    """Return the address of the feed of the site in the reader's language."""
    return reverse("updates_feed") + query_of(get_language())


@register.simple_tag
def source_language():
    """
    Return the attribute for words in the first language of the site, such as the title of a file; the
    empty string on pages in that language.
    """
    first = settings.LANGUAGE_CODE
    return "" if get_language() == first else format_html(' lang="{}"', first)


@register.filter
def voice(title):
    """
    Return the attribute for the title of a source, which stays as it is when a page is translated; the empty
    string if it is in the reader's language.
    """
    code = language_of(title or "")
    return "" if code == get_language() else format_html(' lang="{}"', code)


@register.filter
def own_language(thing):
    """
    Return the attribute for words of a page, a snippet or a choice in another language than the reader's; the
    empty string for one in it.
    """
    code = codes().get(thing.locale_id) if thing and thing.locale_id else None
    return format_html(' lang="{}"', code) if code and code != get_language() else ""


@kept
def codes():
    """Return the codes of the languages by the primary key of their Locale."""
    return dict(Locale.objects.values_list("pk", "language_code"))


@register.filter
def aliases_of(page, term):
    """Return the other names of a term on a GlossaryPage as HTML, with those of its original marked."""
    original, first = page.originals.get(term.translation_key), settings.LANGUAGE_CODE

    def marked(name):
        is_kept = original and original.is_called(name)
        return format_html('<span lang="{}">{}</span>', first, name) if is_kept else name

    return format_html_join(", ", "{}", ((marked(name),) for name in term.other_names))


@register.simple_tag
def footer_text():
    """Return the text in the footer in the active language; None if there is none in it."""
    return footer_texts().get(get_language())


@kept
def footer_texts():
    """Return the texts in the footer of the home pages, by language."""
    homes = HomePage.objects.for_visitors().exclude(footer_text="")
    return dict(homes.values_list("locale__language_code", "footer_text"))


@register.simple_tag
def behind_since(page):
    """Return when the original of a page was changed, if the page has not followed it; else None."""
    found = get_language() != settings.LANGUAGE_CODE and getattr(page, "translation_key", None)
    return times_of_changes().get((page.translation_key, page.locale_id)) if found else None


@kept
def times_of_changes():
    """Return when the originals were changed that published translations do not follow."""
    rows = Translation.objects.exclude(behind_since=None)
    return {(row.translation_key, row.locale_id): row.behind_since for row in rows}


@register.simple_tag
def translations_of(page):
    """Return the public translations of a page, itself included, or [] if it has none."""
    return public_translations_of(page) if isinstance(page, Page) and page.pk else []


@register.simple_tag(takes_context=True)
def alternates(context, translations):
    """Return the languages and the addresses of translations for `hreflang`."""
    return hreflangs(translations, context.get("request"))


@register.simple_tag(takes_context=True)
def other_languages(context, page, translations):
    """
    Return links to the other languages of the site: the code, the address, and whether it is the same page.
    Without a translation of the page, a link leads to the home page of the language.
    """
    request, site = context.get("request"), Site.find_for_request(context.get("request"))
    codes = [code for code, _name in settings.LANGUAGES if code != get_language()] if site else []
    links = []
    for code in codes:
        if sections_in(code, site.pk)[0] != code:
            continue
        address = address_in(code, request, page, translations)
        with override(code):
            home = reverse("wagtail_serve", args=[""])
        links.append({"code": code, "address": address or home, "lacks_page": bool(page) and not address})
    return links


def address_in(code, request, page, translations):
    """Return the address of what a request shows in another language; the empty string if it isn't there."""
    if isinstance(page, Page):
        found = next((each for each in translations if each.locale.language_code == code), None)
        # A route below the page, such as "thanks/", is the same in all languages.
        start = page.get_url(request) or request.path
        route = request.path.removeprefix(start) if request.path.startswith(start) else ""
        return found.get_url(request) + route if found else ""
    match = request.resolver_match
    if match is None or match.view_name == "wagtail_serve":
        return ""
    address = translate_url(request.path, code)
    if address == request.path:
        return ""
    words = request.GET.get("q")
    return f"{address}?{urlencode({'q': words})}" if words else address


@register.simple_tag(takes_context=True)
def page_in_first_language(context):
    """
    Return the public page at an address without its language, as /about/ for /es/about/, in the active
    language if it is translated; or None.
    """
    request, site = context.get("request"), Site.find_for_request(context.get("request"))
    code = get_language()
    if not site or code == settings.LANGUAGE_CODE:
        return None
    page = next(iter(visible([page_at(site, request.path.removeprefix(f"/{code}"))])), None)
    translations = public_translations_of(page) if page else []
    return next((each for each in translations if each.locale.language_code == code), page)
