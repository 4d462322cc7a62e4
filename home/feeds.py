from dataclasses import dataclass
from datetime import datetime, time
from uuid import uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Page, Site

from home.models import Correction
from home.querysets import BasePageQuerySet
from home.skipping import each_made
from home.text import clean_data

# The maximum number of items in the feed: enough for a feed reader that polls once a month.
LENGTH = 50


@dataclass(frozen=True)
class FeedItem:
    identity: str
    title: str
    summary: str
    link: str
    published: datetime
    updated: datetime
    categories: tuple = ()


class CleanAtom(Atom1Feed):
    """An Atom feed without the characters that XML forbids, for which Django would refuse the whole feed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*clean_data(args), **clean_data(kwargs))

    def add_item(self, *args, **kwargs):
        super().add_item(*clean_data(args), **clean_data(kwargs))


class BaseFeed(Feed):
    """A feed whose items are FeedItems."""

    feed_type = CleanAtom
    item_guid_is_permalink = False

    def author_name(self):
        return settings.WAGTAIL_SITE_NAME

    def item_guid(self, item):
        return item.identity

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.summary

    def item_link(self, item):
        return item.link

    def item_categories(self, item):
        return item.categories

    def item_pubdate(self, item):
        return item.published

    def item_updateddate(self, item):
        return item.updated


def newest_items(language=settings.LANGUAGE_CODE):
    """Return the newest pages and corrections of the default site in a language, newest first."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    home = site and site.root_page
    if home and language != settings.LANGUAGE_CODE:
        home = home.get_translations().filter(locale__language_code=language).first()
    if home is None:
        return []
    # Aliases are not news.
    public = BasePageQuerySet(Page).descendant_of(home, inclusive=True).originals().for_visitors()
    newest = public.exclude(first_published_at=None).order_by("-first_published_at")
    pages = newest.with_summary()[:LENGTH].select_related("locale")
    is_public = Exists(public.filter(pk=OuterRef("page")))
    corrections = Correction.objects.filter(is_public).select_related("page").order_by("-date", "-pk")
    items = [
        *each_made(page_item, pages),
        *each_made(correction_item, corrections[:LENGTH]),
    ]
    return sorted(items, key=lambda item: item.updated, reverse=True)[:LENGTH]


def page_item(page):
    at = page.first_published_at
    return FeedItem(item_id(page), page.title, page.summary or "", page.full_url, at, at)


def correction_item(correction):
    at = timezone.make_aware(datetime.combine(correction.date, time()))
    page = correction.page
    title = _("%(kind)s: %(title)s") % {"kind": correction.label, "title": page.title}
    identity = item_id(page, "correction", correction.pk)
    return FeedItem(identity, title, correction.text, page.full_url, at, at)


def item_id(page, *parts):
    """Return the ID of an item about a page or a part of it. It stays the same when the page moves."""
    return uuid5(page.translation_key, ":".join(map(str, (page.locale_id, *parts)))).urn


class UpdatesFeed(BaseFeed):
    """The feed of the whole site, in its first language or in `lang`."""

    def __call__(self, request, *args, **kwargs):
        with override(language_of(request.GET)):
            response = super().__call__(request, *args, **kwargs)
        response.policy = "data"
        return response

    def get_object(self, request):
        return language_of(request.GET)

    def title(self):
        return settings.WAGTAIL_SITE_NAME

    def subtitle(self):
        return _("New pages and events, corrections and updates.")

    # An absolute URL, since Django would add the host of the request to a relative one.
    def link(self, language):
        return settings.BASE_URL + ("/" if language == settings.LANGUAGE_CODE else f"/{language}/")

    def feed_url(self, language):
        return settings.BASE_URL + reverse("updates_feed") + query_of(language)

    def items(self, language):
        return newest_items(language)


def language_of(parameters):
    """Return the language that is asked for; the first one of the site if it is not known."""
    asked = parameters.get("lang")
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def query_of(language):
    """Return the query string of the feed in a language. It is empty for the first one of the site."""
    return "" if language == settings.LANGUAGE_CODE else f"?lang={language}"
