"""Builds the whole tree of pages from the data files."""

from collections import Counter
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Locale, Page, PageLogEntry, Site

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
from leadwatch.starter_content import schema
from leadwatch.starter_content.body import References, make_body
from timeline.models import EmbedSettings, EventCategory, EventPage, EventSource, TimelinePage

STANDINGS = {standing.value.partition("-")[2]: standing for standing in PartnerPage.Standing}
# The sections of the site in the order of the menu, by their part in pages.yaml; `contact` comes last.
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
    """
    Fill a site that has never had a home page: all of it, or nothing.

    A site that has one, or had one once, is left as it is. So nothing that an editor changed is overwritten,
    nothing that she deleted comes back, and nothing that an administrator granted or took is undone.

    :returns: what was created, counted by its name; empty where there was nothing to do.
    """
    for language, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=language)
    created = Counter() if has_had_a_home_page() else Loader(schema.read()).load()
    follow_base_url()
    return created


def has_had_a_home_page():
    """Whether there is a home page, or Wagtail's log knows of one that was deleted."""
    home_page = ContentType.objects.get_for_model(HomePage)
    return HomePage.objects.exists() or PageLogEntry.objects.filter(content_type=home_page).exists()


def follow_base_url():
    """Let the default site be where BASE_URL says, so that addresses in feeds and mails are right."""
    address = urlsplit(settings.BASE_URL)
    place = {
        "hostname": address.hostname,
        "port": address.port or (443 if address.scheme == "https" else 80),
    }
    site = Site.objects.filter(is_default_site=True).first()
    if site and not Site.objects.filter(**place).exists():
        site.hostname, site.port = place["hostname"], place["port"]
        site.save()


class Loader:
    """
    Makes all pages as drafts first, so that the text of each may link to any other, then writes their texts
    and publishes them.
    """

    def __init__(self, content):
        self.content = content
        self.references = References(content.sources)
        self.locale = Locale.get_default()
        self.drafts = []
        self.created = Counter()

    def load(self):
        """Make everything, and return what was made, counted by its name."""
        self.home = self.make_home()
        sections = {
            part: self.draft(self.home, model, self.content.pages[part], show_in_menus=True)
            for part, model in SECTIONS.items()
        }
        self.make_contact()
        for record in self.content.lists["texts"]:
            self.draft(self.home, StandardPage, record)
        self.make_terms()
        self.make_figures()
        self.make_documents(sections["documents"])
        concerns = self.make_concerns(sections["concerns"])
        partners = self.make_partners(sections["partners"])
        self.make_events(sections["timeline"], self.make_categories(), concerns, partners)
        for page, record in self.drafts:
            self.publish(page, record)
        SiteSettings.objects.update_or_create(defaults=vars(self.content.site))
        # Else the first visitor who asks for a frame would have it made.
        EmbedSettings.load()
        set_up_groups(self.home)
        return self.created

    def make_home(self):
        """The home page, in the place of Wagtail's own page "Welcome"."""
        welcome = Page.objects.get(depth=2, slug="home", content_type__model="page")
        # It has the slug that the home page needs, and the site, which would be deleted with it.
        welcome.slug = "welcome"
        welcome.save()
        home = self.draft(Page.get_first_root_node(), HomePage, self.content.pages["home"])
        site = {"root_page": home, "site_name": settings.WAGTAIL_SITE_NAME, "hostname": "localhost"}
        Site.objects.update_or_create(is_default_site=True, defaults=site)
        Page.objects.get(pk=welcome.pk).delete()
        return home

    def draft(self, parent, model, record, **fields):
        """A page without its text, of a record and of the fields that differ from the record's."""
        clusters = ("sources", "form_fields", "concerns", "partners")
        values = {
            name: value
            for name, value in vars(record).items()
            if name not in {*clusters, "body", "questions"}
        }
        page = model(
            locale=self.locale,
            live=False,
            **values | {name: value for name, value in fields.items() if name not in clusters},
        )
        for name in fields.keys() & set(clusters):
            setattr(page, name, fields[name])
        try:
            parent.add_child(instance=page)
        except ValidationError as error:
            raise schema.DataError(f"{model._meta.model_name} {record.slug}: {error}") from error
        self.drafts.append((page, record))
        address = page.url_path.strip("/").partition("/")[2]
        self.references.pages[address] = page
        return page

    def publish(self, page, record):
        """Write the text of a draft, and publish it as its first revision."""
        page = page.specific_class.objects.get(pk=page.pk)
        if body := getattr(record, "body", None):
            where = f"{page._meta.model_name} {record.slug}"
            page.body = make_body(body, where, self.references, getattr(record, "sources", ()))
        # With a line in its history, from which it can be brought back.
        page.save_revision(log_action=True).publish()
        self.created["pages"] += 1

    def publish_snippet(self, snippet):
        try:
            snippet.full_clean()
        except ValidationError as error:
            raise schema.DataError(f"{snippet._meta.model_name} {snippet.slug}: {error}") from error
        snippet.save()
        snippet.save_revision(log_action=True).publish()
        self.created[str(snippet._meta.verbose_name_plural)] += 1
        return snippet

    def cite(self, model, record):
        """The sources of a record as the inlines of its page or figure, in the record's order."""
        return [
            model(sort_order=number, **vars(self.content.sources[key]))
            for number, key in enumerate(record.sources)
        ]

    def make_contact(self):
        record = self.content.pages["contact"]
        form_fields = [
            ContactFormField(sort_order=number, **vars(question))
            for number, question in enumerate(record.questions)
        ]
        self.draft(self.home, ContactPage, record, form_fields=form_fields, show_in_menus=True)

    def make_terms(self):
        for record in self.content.lists["glossary"]:
            self.publish_snippet(GlossaryTerm(locale=self.locale, **vars(record)))

    def make_figures(self):
        for number, record in enumerate(self.content.lists["figures"]):
            fields = vars(record) | {
                "values": [
                    FigureValue(sort_order=place, **vars(value)) for place, value in enumerate(record.values)
                ],
                "sources": self.cite(FigureSource, record),
            }
            figure = Figure(locale=self.locale, sort_order=number, **fields)
            self.references.figures[record.slug] = self.publish_snippet(figure)

    def make_documents(self, index):
        for record in self.content.lists["documents"]:
            self.draft(index, DocumentPage, record, sources=self.cite(DocumentSource, record))

    def make_concerns(self, index):
        return {
            record.slug: self.draft(index, ConcernPage, record, sources=self.cite(ConcernSource, record))
            for record in self.content.lists["concerns"]
        }

    def make_partners(self, index):
        return {
            record.slug: self.draft(
                index, PartnerPage, record, standing=STANDINGS.get(record.standing, record.standing)
            )
            for record in self.content.lists["partners"]
        }

    def make_categories(self):
        return {
            record.slug: self.publish_snippet(EventCategory(locale=self.locale, **vars(record)))
            for record in self.content.lists["categories"]
        }

    def make_events(self, timeline, categories, concerns, partners):
        for record in self.content.lists["events"]:
            self.draft(
                timeline,
                EventPage,
                record,
                category=categories[record.category],
                concerns=[concerns[slug] for slug in record.concerns],
                partners=[partners[slug] for slug in record.partners],
                sources=self.cite(EventSource, record),
            )
