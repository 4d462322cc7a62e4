"""Fill a new site with the starter content, once."""

from collections import Counter
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Locale, PageLogEntry, Site

from home.models import HomePage
from leadwatch.starter_content import reading
from leadwatch.starter_content.builder import SiteBuilder


@transaction.atomic
def load_starter_content():
    """Fill a site that has never had a home page, and return a Counter of what was created, by name."""
    for language, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=language)
    created = Counter() if has_had_a_home_page() else SiteBuilder(reading.read()).build()
    follow_base_url()
    return created


def has_had_a_home_page():
    """Return whether there is a home page, or Wagtail's log has one that was deleted."""
    home_page = ContentType.objects.get_for_model(HomePage)
    return HomePage.objects.exists() or PageLogEntry.objects.filter(content_type=home_page).exists()


def follow_base_url():
    """Set the default site to BASE_URL, so that addresses in feeds and mails are right."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    place = {"hostname": address.hostname, "port": port}
    site = Site.objects.filter(is_default_site=True).first()
    if site and not Site.objects.filter(**place).exists():
        site.hostname, site.port = address.hostname, port
        site.save()
