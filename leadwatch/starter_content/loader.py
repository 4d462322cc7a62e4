"""Fill a new site with the starter content, once."""

from collections import Counter
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Collection, Locale, Page, PageLogEntry, ReferenceIndex, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from concerns.models import ConcernIndexPage, ConcernPage, ConcernSource
from home.models import (
    ContactFormField,
    ContactPage,
    DocumentIndexPage,
    DocumentPage,
    DocumentSource,
    Figure,
    FigureSource,
    FiguresPage,
    FigureValue,
    GlossaryPage,
    GlossaryTerm,
    HomePage,
    OverviewPage,
    PartnerIndexPage,
    PartnerPage,
    SiteSettings,
    StandardPage,
)
from leadwatch.groups import set_up_groups
from leadwatch.starter_content import reading
from leadwatch.starter_content.body import References, make_body
from search.index.signals import adding_once
from timeline.models import EmbedSettings, EventCategory, EventPage, EventSource, TimelinePage

STANDINGS = {standing.value.partition("-")[2]: standing for standing in PartnerPage.Standing}
# The sections of the site in the order of the menu, by their key in pages.yaml. `contact` comes last.
SECTIONS = {
    "overview": OverviewPage,
    "concerns": ConcernIndexPage,
    "timeline": TimelinePage,
    "documents": DocumentIndexPage,
    "figures": FiguresPage,
    "glossary": GlossaryPage,
    "partners": PartnerIndexPage,
}


@transaction.atomic
def load_starter_content():
    """Fill a site that has never had a home page, and return a Counter of what was created, by name."""
    for language, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=language)
    created = Counter() if has_had_a_home_page() else SiteBuilder(reading.read()).build()
    name_roots()
    follow_base_url()
    return created


def has_had_a_home_page():
    """Return whether there is a home page, or Wagtail's log has one that was deleted."""
    home_page = ContentType.objects.get_for_model(HomePage)
    return HomePage.objects.exists() or PageLogEntry.objects.filter(content_type=home_page).exists()


def name_roots():
    """Name what is above all pages, and above all images and files. Wagtail calls both "Root"."""
    Page.objects.filter(depth=1, title="Root").update(title="All pages", draft_title="All pages")
    Collection.objects.filter(depth=1, name="Root").update(name="Library")


def follow_base_url():
    """Set the default site to BASE_URL, so that addresses in feeds and mails are right."""
    address = urlsplit(settings.BASE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    place = {"hostname": address.hostname, "port": port}
    site = Site.objects.filter(is_default_site=True).first()
    if site and not Site.objects.filter(**place).exists():
        site.hostname, site.port = address.hostname, port
        site.save()


class SiteBuilder:
    """Makes drafts of all pages, then adds their texts, which may link to any page, and publishes them."""

    def __init__(self, content):
        self.content = content
        self.references = References(content.sources)
        self.locale = Locale.get_default()
        self.drafts, self.published = [], []
        self.created = Counter()

    def build(self):
        """Make everything, and return a Counter of what was made."""
        # Each object is saved several times. Its references and words are found once.
        with disable_reference_index_auto_update(), adding_once():
            self.build_all()
        for published in self.published:
            ReferenceIndex.create_or_update_for_object(published)
        return self.created

    def build_all(self):
        self.home = self.make_home()
        sections = {
            part: self.draft(self.home, model, self.content.pages[part], show_in_menus=True)
            for part, model in SECTIONS.items()
        }
        self.make_contact()
        for data in self.content.lists["texts"]:
            self.draft(self.home, StandardPage, data)
        for data in self.content.lists["glossary"]:
            self.publish_snippet(GlossaryTerm(locale=self.locale, **vars(data)))
        self.make_figures()
        for data in self.content.lists["documents"]:
            self.draft(sections["documents"], DocumentPage, data, sources=self.cite(DocumentSource, data))
        concerns = self.make_concerns(sections["concerns"])
        partners = self.make_partners(sections["partners"])
        self.make_events(sections["timeline"], self.make_categories(), concerns, partners)
        for page, data in self.drafts:
            self.publish(page, data)
        SiteSettings.objects.update_or_create(defaults=vars(self.content.site))
        # Otherwise the first visitor who asks for a frame would create them.
        EmbedSettings.load()
        set_up_groups(self.home)

    def make_home(self):
        """Make the home page and remove Wagtail's "Welcome" page."""
        welcome = Page.objects.get(depth=2, slug="home", content_type__model="page")
        # It has the slug that the home page needs. The site points to it and would be deleted with it.
        welcome.slug = "welcome"
        welcome.save()
        home = self.draft(Page.get_first_root_node(), HomePage, self.content.pages["home"])
        site = {"root_page": home, "site_name": settings.WAGTAIL_SITE_NAME, "hostname": "localhost"}
        Site.objects.update_or_create(is_default_site=True, defaults=site)
        Page.objects.get(pk=welcome.pk).delete()
        return home

    def draft(self, parent, model, data, **fields):
        """Make a page without its text; `fields` override the data."""
        values = {name: value for name, value in vars(data).items() if name not in ("body", "questions")}
        page = model(locale=self.locale, live=False, **values | fields)
        try:
            parent.add_child(instance=page)
        except ValidationError as error:
            raise reading.DataError(f"{model._meta.model_name} {data.slug}: {error}") from error
        self.drafts.append((page, data))
        self.references.pages[page.url_path.strip("/").partition("/")[2]] = page
        return page

    def publish(self, page, data):
        """Add the text of a draft, and publish it as its first revision."""
        page = page.specific_class.objects.get(pk=page.pk)
        if body := getattr(data, "body", None):
            where = f"{page._meta.model_name} {data.slug}"
            page.body = make_body(body, where, self.references, getattr(data, "sources", ()))
        # The log entry lets editors restore this revision from the page's history.
        page.save_revision(log_action=True).publish()
        self.published.append(page)
        self.created["pages"] += 1

    def publish_snippet(self, snippet):
        try:
            snippet.full_clean()
        except ValidationError as error:
            raise reading.DataError(f"{snippet._meta.model_name} {snippet.slug}: {error}") from error
        snippet.save()
        snippet.save_revision(log_action=True).publish()
        self.published.append(snippet)
        self.created[str(snippet._meta.verbose_name_plural)] += 1
        return snippet

    def cite(self, model, data):
        """Return the sources of an item as inlines of its page or figure, in their order."""
        cited = [vars(self.content.sources[key]) for key in data.sources]
        return [
            model(sort_order=number, **{name: value for name, value in source.items() if value})
            for number, source in enumerate(cited)
        ]

    def make_contact(self):
        data = self.content.pages["contact"]
        form_fields = [
            ContactFormField(sort_order=number, **vars(question))
            for number, question in enumerate(data.questions)
        ]
        self.draft(self.home, ContactPage, data, form_fields=form_fields, show_in_menus=True)

    def make_figures(self):
        for number, data in enumerate(self.content.lists["figures"]):
            fields = vars(data) | {
                "values": [
                    FigureValue(sort_order=place, **vars(value)) for place, value in enumerate(data.values)
                ],
                "sources": self.cite(FigureSource, data),
            }
            figure = Figure(locale=self.locale, sort_order=number, **fields)
            self.references.figures[data.slug] = self.publish_snippet(figure)

    def make_concerns(self, index):
        return {
            data.slug: self.draft(index, ConcernPage, data, sources=self.cite(ConcernSource, data))
            for data in self.content.lists["concerns"]
        }

    def make_partners(self, index):
        return {
            data.slug: self.draft(
                index, PartnerPage, data, standing=STANDINGS.get(data.standing, data.standing)
            )
            for data in self.content.lists["partners"]
        }

    def make_categories(self):
        return {
            data.slug: self.publish_snippet(EventCategory(locale=self.locale, **vars(data)))
            for data in self.content.lists["categories"]
        }

    def make_events(self, timeline, categories, concerns, partners):
        for data in self.content.lists["events"]:
            self.draft(
                timeline,
                EventPage,
                data,
                category=categories[data.category],
                concerns=[concerns[slug] for slug in data.concerns],
                partners=[partners[slug] for slug in data.partners],
                sources=self.cite(EventSource, data),
            )
