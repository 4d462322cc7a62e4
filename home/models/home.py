from copy import copy
from urllib.parse import quote, urljoin

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel

from home.addresses.pages import page_at_path, page_of, pages_on_path
from home.addresses.reserved import names_of_routes
from home.addresses.sections import sections
from home.models.base import BodyPage
from home.models.partner import watchers_in
from home.seo.structured_data import site_name
from home.wagtail_internals import set_parent


class HomePage(BodyPage):
    """The front page: what LEAD is, the concerns, the latest events, who watches, and how to reach us."""

    schema_type = "WebSite"
    parent_page_types = ["wagtailcore.Page"]

    headline = models.CharField(
        _("headline"), max_length=120, help_text=_("The first words that a visitor reads.")
    )
    concerns_intro = models.TextField(
        _("before the concerns"), max_length=300, blank=True, help_text=_("One sentence on what is wrong.")
    )
    watchers_intro = models.TextField(
        _("who watches"), max_length=300, blank=True, help_text=_("One sentence on who keeps this site.")
    )
    contact_intro = models.TextField(
        _("how to reach us"),
        max_length=300,
        blank=True,
        help_text=_("One sentence beside the link to the form."),
    )

    footer_text = models.TextField(
        _("text in the footer"),
        max_length=300,
        blank=True,
        db_default="",
        default="",
        help_text=_(
            "Who is behind this site, in the language of this page. Without it, the text in the site "
            "settings is shown."
        ),
    )

    content_panels = [
        TitleFieldPanel(
            "title",
            classname="",
            placeholder=False,
            help_text=_("The name of this page in lists and search results. Visitors see the headline here."),
        ),
        FieldPanel("headline"),
        FieldPanel("summary", help_text=_("What LEAD is, in two or three sentences.")),
        FieldPanel("concerns_intro"),
        FieldPanel("watchers_intro"),
        FieldPanel("contact_intro"),
        FieldPanel("footer_text"),
        FieldPanel("body", help_text=_("Optional, below all else.")),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def structured_data(self, request=None):
        data = super().structured_data(request)
        search = urljoin(data["url"] or "", reverse("search:search"))
        return data | {
            "name": site_name(request),
            "maintainer": [partner.as_organization() for partner in watchers_in(self.locale.language_code)],
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{words}}"},
                "query-input": "required name=words",
            },
        }

    def route(self, request, path_components):
        """Find the page with one query for all levels. Wagtail uses two for each level."""
        page, rest = self.nearest_to(path_components)
        if page is not self:
            # It may have a route for the rest, such as that of the embed.
            return page.route(request, rest)
        # Wagtail's site has this object, which other requests use at the same time.
        return super(HomePage, copy(self)).route(request, path_components)

    def nearest_to(self, path_components):
        """Return the lowest page on this path, with cached parents, and the rest of the path."""
        paths = []
        for slug in path_components:
            paths.append(f"{paths[-1] if paths else self.url_path}{slug}/")
        is_short = len(paths) == 2 and path_components[1] not in names_of_routes()
        if is_short and (found := self.page_in_section(*paths, path_components[1])):
            return found, []
        parent, page = None, self
        for child in pages_on_path()(path_components, paths):
            parent, page = page, child
            set_parent(page, parent)
        if page is self:
            return self, path_components
        (specific,) = page_of(page.specific_class)(page.pk)
        set_parent(specific, parent)
        return specific, path_components[paths.index(page.url_path) + 1 :]

    def page_in_section(self, section_path, path, slug):
        """Return the page at a path, if its section may only have pages of one type; else None."""
        section = next((each.page for each in sections() if each.page.url_path == section_path), None)
        model = section and section.specific_class
        types = model.allowed_subpage_models() if model else []
        if len(types) != 1:
            return None
        for page in page_at_path(types[0])(slug, path):
            # Other requests use the section at the same time.
            parent = copy(section)
            set_parent(parent, self)
            set_parent(page, parent)
            return page
        return None


def page_at(site, path):
    """Return the page of a site at exactly this path, such as "/es/about/", or None. It may be private."""
    language = get_language_from_path(path)
    slugs = [slug for slug in path.split("/") if slug][bool(language) :]
    with override(language or settings.LANGUAGE_CODE):
        home = site.root_page.localized.specific
    page, rest = home.nearest_to(slugs) if isinstance(home, HomePage) else (home, slugs)
    if page is home or rest:
        return None
    return page if page.full_url.removeprefix(site.root_url) in (path, quote(path)) else None
