"""Names for the objects that events refer to, in a form that another database can resolve."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urljoin

from django.utils.html import escape
from wagtail.models import Locale, Page

from home.models import Figure, SiteDocument, SiteImage
from home.models.library.renditions import PLACES
from home.privacy import hidden_collections
from home.querysets import BasePageQuerySet
from home.skipping import skipping
from timeline.exchange.references.blocks import BODY, ids_in_body, transform, without_images
from timeline.exchange.references.html import replace_links
from timeline.models import EventPage, TimelinePage


class Namer:
    """Names the objects that events refer to, after `load`. With `drafts`, private ones, too."""

    def __init__(self, timeline: TimelinePage, drafts: bool = False) -> None:
        self.drafts = drafts
        site = timeline.get_site()
        self.root_url = site.root_url if site else ""
        self.locale = timeline.locale
        self.languages = dict(Locale.objects.values_list("pk", "language_code"))
        pages = BasePageQuerySet(Page).select_related("locale")
        documents = SiteDocument.objects.all()
        images = SiteImage.objects.prefetch_renditions(*PLACES["export"])
        if not drafts:
            pages = pages.for_visitors()
            documents = documents.exclude(collection__in=hidden_collections())
            images = images.exclude(collection__in=hidden_collections())
            self.withheld = set(SiteImage.objects.withheld().values_list("pk", flat=True))
            images = images.exclude(pk__in=self.withheld)
        self.querysets = {
            "page": pages,
            "image": images,
            "document": documents,
            "figure": Figure.objects.all() if drafts else Figure.objects.filter(live=True),
        }
        self.name_functions = {
            "page": self.name_page,
            "image": self.name_image,
            "document": self.name_document,
            "figure": self.name_figure,
        }
        self.objects: dict[str, dict[int, Any]] = {}

    def load(self, events: Iterable[EventPage]) -> None:
        """Load the objects that these events refer to, in place of those of the last batch."""
        ids: dict[str, set] = {kind: set() for kind in self.querysets}
        for event in events:
            ids["image"] |= {event.lead_image_id, event.listing_image_id, event.social_image_id}
            ids["page"] |= {page.pk for page in (*event.concerns.all(), *event.partners.all())}
            ids["document"] |= {source.document_id for source in event.sources.all()}
            with skipping(f"The text of EventPage {event.pk}"):
                for kind, pk in ids_in_body(event.body.get_prep_value()):
                    if isinstance(pk, int) and 0 < pk < 2**63:
                        ids[kind].add(pk)
        self.objects = {
            kind: queryset.in_bulk(ids[kind] - {None}) for kind, queryset in self.querysets.items()
        }

    def may_name(self, page: Page) -> bool:
        return self.drafts or page.pk in self.objects["page"]

    def name(self, kind: str, pk: int | None) -> Any:
        """Return the name of an object as plain data, or None if it doesn't exist or may not be named."""
        found = self.objects[kind].get(pk) if pk is not None else None
        return self.name_functions[kind](found) if found else None

    def name_page(self, page: Page) -> str:
        """Return the path below the home page, after the language code if it isn't the timeline's."""
        path = page.url_path.strip("/").partition("/")[2]
        language = "" if page.locale_id == self.locale.pk else page.locale.language_code
        return f"{language}:/{path}"

    def name_document(self, document: SiteDocument) -> str:
        """Return the address of a file, with its hash and title in the fragment."""
        facts = urlencode({"sha1": document.get_file_hash(), "title": document.title})
        return f"{urljoin(self.root_url, document.url)}#{facts}"

    def name_image(self, image: SiteImage) -> dict[str, Any]:
        name = {
            "title": image.title,
            "alt": image.description,
            "decorative": image.is_decorative,
            "credit": image.credit,
            "sha1": image.file_hash,
            "fetched_from": image.fetched_from,
        }
        if image.descriptions:
            name["alt_in"] = image.descriptions
        [rendition] = image.made_for("export").values()
        return name if rendition.is_lost else {"url": urljoin(self.root_url, rendition.url)} | name

    def name_figure(self, figure: Figure) -> str:
        return figure.slug

    def body(self, event: EventPage) -> list:
        stored = event.body.get_prep_value()
        if not self.drafts:
            stored = without_images(stored, self.withheld)
        return transform(BODY, stored, self.name, self.text)

    def text(self, html: str) -> str:
        return replace_links(html, self.link)

    def link(self, kind: str, _attribute: str, reference: str) -> str:
        name = self.name(kind, int(reference)) if reference.isdecimal() else None
        return f'<a linktype="{kind}" ref="{escape(name)}">' if name else f'<a linktype="{kind}">'
