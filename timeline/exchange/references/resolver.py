"""Objects of this database, found by the names that an exchange file gives them."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from django.db.models import Model, Q
from wagtail.blocks import StreamBlockValidationError, StreamValue
from wagtail.models import Page

from concerns.models import ConcernPage
from home.models import Figure, PartnerPage, SiteDocument, SiteImage
from timeline.exchange.references.blocks import BODY, transform
from timeline.exchange.references.categories import Categories
from timeline.exchange.references.downloads import Downloads
from timeline.exchange.references.html import replace_links, safe_html
from timeline.models import TimelinePage

BROKEN_LINK = re.compile(r'<a linktype="(?:page|document)">')


class Resolver:
    """Finds objects by their names. The names of those not found are in `missing`."""

    def __init__(self, timeline: TimelinePage, downloads: Downloads | None = None) -> None:
        self.timeline = timeline
        self.downloads = downloads
        self.missing: list[str] = []
        self.found: dict[tuple[str, str], Any] = {}
        # By the address from which each came; None for addresses that the library doesn't have.
        self.images: dict[str, SiteImage | None] = {}
        self.find_category = Categories(timeline.locale).find
        self.find_functions: dict[str, Callable[[Any], Any]] = {
            "concern": partial(self.find_by_slug, ConcernPage),
            "partner": partial(self.find_by_slug, PartnerPage),
            "page": self.find_page,
            "document": self.find_document,
            "image": self.find_image,
            "figure": partial(self.find_by_slug, Figure),
        }

    def find(self, kind: str, name: Any) -> Any:
        key = (kind, str(name))
        if key not in self.found:
            self.found[key] = self.find_functions[kind](name)
        if self.found[key] is None:
            self.missing.append(str(name.get("url") or "") if isinstance(name, dict) else str(name))
        return self.found[key]

    def find_id(self, kind: str, name: Any) -> int | None:
        found = self.find(kind, name)
        return found and found.pk

    def retry_missing(self) -> None:
        """Look again for what was not found, now that files have been downloaded."""
        self.found = {key: found for key, found in self.found.items() if found is not None}

    def find_by_slug(self, model: type[Model], slug: Any) -> Any:
        """Return the object with this slug in the timeline's language, or the translation of one with it."""
        here, same = model.objects.filter(locale=self.timeline.locale), model.objects.filter(slug=str(slug))
        translated = here.filter(translation_key__in=same.values("translation_key"))
        return here.filter(slug=str(slug)).first() or translated.first()

    def find_page(self, name: Any) -> Page | None:
        language, _colon, path = str(name).partition(":/")
        home = self.timeline.get_parent()
        if language:
            home = home.get_translations().filter(locale__language_code=language).first()
        return (
            home
            and Page.objects.descendant_of(home, inclusive=True)
            .filter(url_path=f"{home.url_path}{path}" + "/" * bool(path))
            .first()
        )

    def find_document(self, name: Any) -> SiteDocument | None:
        facts = parse_qs(urlsplit(str(name)).fragment)
        sha1, title = (facts.get(fact, [""])[0] for fact in ("sha1", "title"))
        found = SiteDocument.objects.filter(file_hash=sha1).first() if sha1 else None
        if found is None and self.downloads:
            found = self.downloads.document(str(name).partition("#")[0], title=title)
        return found

    def find_image(self, name: Any) -> SiteImage | None:
        if not isinstance(name, dict):
            return None
        found = self.image_here(name)
        url = name.get("url")
        if found is None and url and self.downloads:
            found = self.downloads.image(
                url,
                title=name.get("title") or "",
                alt=name.get("alt") or "",
                alt_in=name.get("alt_in"),
                decorative=bool(name.get("decorative")),
                credit=name.get("credit") or "",
                fetched_from=name.get("fetched_from") or url,
            )
            if found:
                self.images[found.fetched_from] = found
        return found

    def image_here(self, name: dict[str, Any]) -> SiteImage | None:
        addresses = [name[key] for key in ("fetched_from", "url") if name.get(key)]
        for address in addresses:
            if found := self.images.get(address):
                return found
        same = Q(fetched_from__in=[address for address in addresses if address not in self.images])
        if name.get("sha1"):
            same |= Q(file_hash=name["sha1"])
        return SiteImage.objects.filter(same).first()

    def load_images(self, addresses: Iterable[str]) -> None:
        """Load the images that came from these addresses, in one query."""
        addresses = set(addresses)
        here = SiteImage.objects.filter(fetched_from__in=addresses).order_by("-pk")
        self.images = dict.fromkeys(addresses) | {image.fetched_from: image for image in here}

    def body(self, value: list) -> StreamValue:
        """Return the body as a stream value, without the blocks whose objects are missing."""
        whole: list = []
        for child in value:
            missing = len(self.missing)
            block = BODY.child_blocks[child["type"]]
            resolved = child | {"value": transform(block, child["value"], self.find_id, self.text)}
            try:
                whole += [part.get_prep_value() for part in BODY.clean(BODY.to_python([resolved]))]
            except StreamBlockValidationError:
                if len(self.missing) == missing:
                    raise
        return BODY.to_python(whole)

    def text(self, html: str) -> str:
        html = replace_links(html, self.link)
        if BROKEN_LINK.search(html):
            soup = BeautifulSoup(html, "html.parser")
            for link in soup.find_all("a", linktype=True, id=False):
                link.unwrap()
            html = str(soup)
        return safe_html(html)

    def link(self, kind: str, attribute: str, reference: str) -> str:
        # An "id" is one of another database, so only a "ref" is resolved.
        pk = self.find_id(kind, unescape(reference)) if attribute == "ref" else None
        return f'<a linktype="{kind}" id="{pk}">' if pk else f'<a linktype="{kind}">'
