"""Objects of this database, found by the names that an exchange file gives them."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from django.db.models import Q
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
    """
    Find objects by their names, in this database or among downloaded files.

    An object that is not found is left out, and its name is added to `missing` for the editor.
    """

    def __init__(self, timeline: TimelinePage, downloads: Downloads | None = None) -> None:
        """
        :param downloads: gets the images and files that are not here; None to download nothing.
        """
        self.timeline = timeline
        self.downloads = downloads
        self.missing: list[str] = []
        self.found: dict[tuple[str, str], Any] = {}
        # By the address from which each came; None for addresses that the library doesn't have.
        self.images: dict[str, SiteImage | None] = {}
        self.find_category = Categories(timeline.locale).find
        self.find_functions = {
            "concern": self.find_concern,
            "partner": self.find_partner,
            "page": self.find_page,
            "document": self.find_document,
            "image": self.find_image,
            "figure": self.find_figure,
        }

    def find(self, kind: str, name: Any) -> Any:
        """Return the object with this name, or None."""
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

    def find_concern(self, slug: Any) -> ConcernPage | None:
        return ConcernPage.objects.filter(locale=self.timeline.locale, slug=str(slug)).first()

    def find_partner(self, slug: Any) -> PartnerPage | None:
        return PartnerPage.objects.filter(locale=self.timeline.locale, slug=str(slug)).first()

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
                decorative=bool(name.get("decorative")),
                credit=name.get("credit") or "",
                fetched_from=name.get("fetched_from") or url,
            )
            if found:
                self.images[found.fetched_from] = found
        return found

    def image_here(self, name: dict[str, Any]) -> SiteImage | None:
        """Return the image with this name if the library has it."""
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

    def find_figure(self, name: Any) -> Figure | None:
        return Figure.objects.filter(slug=str(name), locale=self.timeline.locale).first()

    def body(self, value: list) -> StreamValue:
        """
        Return the body of an event as a stream value. Blocks whose objects are missing are left out.

        :raises KeyError: if there is no such block.
        :raises StreamBlockValidationError: if an editor could not have written a block.
        """
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
