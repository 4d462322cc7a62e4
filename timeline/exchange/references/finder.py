"""References from events, in a form that another database can follow: addresses and hashes, not numbers."""

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import nh3
from bs4 import BeautifulSoup
from django.db.models import Q
from django.utils.html import escape
from wagtail import blocks
from wagtail.blocks import StreamBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page

from concerns.models import ConcernPage
from home.blocks.body import BodyBlock, LinkBlock
from home.external_links.cleaning import keep_attribute, link_for_visitors
from home.models import Figure, PartnerPage, SiteDocument, SiteImage
from home.privacy import hidden_collections
from home.querysets import BasePageQuerySet
from home.skipping import skipping
from timeline.exchange.categories import Categories

__all__ = ["Finder", "Namer", "safe_html", "same_value"]

# The rendition of a picture that is given out: one that pages have too. Originals stay here.
PICTURE = "format-jpeg|width-1200"
BODY = BodyBlock(required=False)
CHOOSERS = {
    blocks.PageChooserBlock: "page",
    ImageChooserBlock: "image",
    DocumentChooserBlock: "document",
}
# Neither pattern looks at a text twice, however many tags it opens and never closes.
TAG = re.compile(r"<a\b[^<>]*>")
LINK_TYPE = re.compile(r'\slinktype="(page|document)"')
REFERENCE = re.compile(r'\s(id|ref)="([^"]*)"')
DEAD_LINK = re.compile(r'<a linktype="(?:page|document)">')
TAGS = {"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "ul"}
ATTRIBUTES = {"a": {"href", "id", "linktype"}}


def safe_html(html):
    """Rich text with nothing but what an editor could have written."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=keep_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def same_value(one, other):
    """Whether two pieces of plain data say the same, apart from the marks that editors' browsers leave."""
    return without_marks(one) == without_marks(other)


def without_marks(value):
    if isinstance(value, dict):
        return {name: without_marks(child) for name, child in value.items() if name != "id"}
    if isinstance(value, list):
        return [without_marks(child) for child in value]
    if isinstance(value, str) and "<" in value:
        return nh3.clean(value, tags=TAGS, attributes={"a": {"href", "ref", "linktype"}}, link_rel=None)
    return value


def walk(block, value, visit, visit_text):
    """
    The raw value of a block, with what the visitors give in the place of references and of rich text.

    :param visit: takes "page", "image", "document" or "figure", and what refers to one.
    :param visit_text: takes rich text as it is stored.
    """
    if isinstance(block, blocks.BaseStreamBlock):
        return [
            child | {"value": walk(block.child_blocks[child["type"]], child["value"], visit, visit_text)}
            for child in value or []
            if child.get("type") in block.child_blocks
        ]
    if isinstance(block, blocks.ListBlock):
        return [
            child | {"value": walk(block.child_block, child["value"], visit, visit_text)}
            for child in value or []
        ]
    if isinstance(block, blocks.BaseStructBlock):
        children = block.child_blocks
        return {
            name: walk(children[name], child, visit, visit_text)
            for name, child in (value or {}).items()
            if name in children
        }
    if isinstance(block, blocks.RichTextBlock):
        return visit_text(value or "")
    if isinstance(block, LinkBlock):
        return link_for_visitors(value)
    if isinstance(block, blocks.ChooserBlock):
        kind = next((kind for chooser, kind in CHOOSERS.items() if isinstance(block, chooser)), "figure")
        return visit(kind, value) if value else None
    return value


class Namer:
    """Names what events of ours point to. Asks for all that many events point to together."""

    def __init__(self, timeline, drafts=False):
        """
        :param drafts: whether what is not public may be named too.
        """
        self.drafts = drafts
        site = timeline.get_site()
        self.root_url = site.root_url if site else ""
        self.locale = timeline.locale
        pages = BasePageQuerySet(Page).select_related("locale")
        documents = SiteDocument.objects.all()
        pictures = SiteImage.objects.prefetch_renditions(PICTURE)
        if not drafts:
            pages = pages.for_visitors()
            documents = documents.exclude(collection__in=hidden_collections())
            pictures = pictures.exclude(collection__in=hidden_collections())
        self.things = {
            "page": pages,
            "image": pictures,
            "document": documents,
            "figure": Figure.objects.all() if drafts else Figure.objects.filter(live=True),
        }
        self.known = {}

    def learn(self, events):
        """Look up what these events point to, in a query for each kind, and forget what others did."""
        ids = {kind: set() for kind in self.things}
        for event in events:
            ids["image"] |= {event.lead_image_id, event.listing_image_id, event.social_image_id}
            ids["page"] |= {page.pk for page in (*event.concerns.all(), *event.partners.all())}
            ids["document"] |= {source.document_id for source in event.sources.all()}
            with skipping(f"The text of EventPage {event.pk}"):
                for kind, pk in numbers_in_body(event.body.get_prep_value()):
                    if isinstance(pk, int) and 0 < pk < 2**63:
                        ids[kind].add(pk)
        self.known = {kind: things.in_bulk(ids[kind] - {None}) for kind, things in self.things.items()}

    def may_name(self, page):
        """Whether a page that an event belongs to may be named."""
        return self.drafts or page.pk in self.known["page"]

    def name(self, kind, pk):
        """Return the name of the thing with this number, or None if there is none."""
        thing = self.known[kind].get(pk)
        return getattr(self, f"name_{kind}")(thing) if thing else None

    def name_page(self, page):
        """The path below the home page, after the language if that is another one than the timeline's."""
        path = page.url_path.strip("/").partition("/")[2]
        language = "" if page.locale_id == self.locale.pk else page.locale.language_code
        return f"{language}:/{path}"

    def name_document(self, document):
        """Its address, with its hash and title behind."""
        facts = urlencode({"sha1": document.get_file_hash(), "title": document.title})
        return f"{urljoin(self.root_url, document.url)}#{facts}"

    def name_image(self, image):
        name = {
            "title": image.title,
            "alt": image.description,
            "decorative": image.is_decorative,
            "credit": image.credit,
            "sha1": image.file_hash,
            "fetched_from": image.fetched_from,
        }
        rendition = image.get_rendition(PICTURE)
        return name if rendition.is_lost else {"url": urljoin(self.root_url, rendition.url)} | name

    def name_figure(self, figure):
        return figure.slug

    def body(self, event):
        """The text of an event as plain data."""
        return walk(BODY, event.body.get_prep_value(), self.name, self.text)

    def text(self, html):
        return replace_links(html, self._link)

    def _link(self, kind, reference):
        name = self.name(kind, int(reference[2])) if reference and reference[2].isdecimal() else None
        return f'<a linktype="{kind}" ref="{escape(name)}">' if name else f'<a linktype="{kind}">'


def replace_links(html, give):
    """Rich text with other tags where links to pages and documents begin."""

    def tag(match):
        kind = LINK_TYPE.search(match[0])
        return give(kind[1], REFERENCE.search(match[0])) if kind else match[0]

    return TAG.sub(tag, html)


def numbers_in_body(body):
    """The kinds and numbers of all that a text points to."""
    found = []

    def visit_text(html):
        for tag in TAG.findall(html):
            kind, reference = LINK_TYPE.search(tag), REFERENCE.search(tag)
            if kind and reference and reference[1] == "id" and reference[2].isdecimal():
                found.append((kind[1], int(reference[2])))

    walk(BODY, body, lambda kind, pk: found.append((kind, pk)), visit_text)
    return found


class Finder:
    """
    Finds what records name, among what this database has and what was downloaded for the purpose.

    What is not found is left out, and stands in `missing` as words for the editor.
    """

    def __init__(self, timeline, downloads=None):
        """
        :param downloads: the Downloads for what is not known here, or None for no downloads.
        """
        self.timeline = timeline
        self.downloads = downloads
        self.missing = []
        self.found = {}
        # By the addresses from which they came; None for those that the library does not have.
        self.images = {}
        self.find_category = Categories(timeline.locale).find

    def find(self, kind, name):
        """Return the thing of this name, or None."""
        key = (kind, str(name))
        if key not in self.found:
            self.found[key] = getattr(self, f"find_{kind}")(name)
        if self.found[key] is None:
            self.missing.append(str(name.get("url") or "") if isinstance(name, dict) else str(name))
        return self.found[key]

    def number(self, kind, name):
        thing = self.find(kind, name)
        return thing and thing.pk

    def find_concern(self, slug):
        return ConcernPage.objects.filter(locale=self.timeline.locale, slug=str(slug)).first()

    def find_partner(self, slug):
        return PartnerPage.objects.filter(locale=self.timeline.locale, slug=str(slug)).first()

    def find_page(self, name):
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

    def find_document(self, name):
        facts = parse_qs(urlsplit(str(name)).fragment)
        sha1, title = (facts.get(fact, [""])[0] for fact in ("sha1", "title"))
        found = SiteDocument.objects.filter(file_hash=sha1).first() if sha1 else None
        if found is None and self.downloads:
            found = self.downloads.document(str(name).partition("#")[0], title=title)
        return found

    def find_image(self, name):
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

    def image_here(self, name):
        """The picture of this name that the library has, or None."""
        addresses = [name[key] for key in ("fetched_from", "url") if name.get(key)]
        for address in addresses:
            if found := self.images.get(address):
                return found
        alike = Q(fetched_from__in=[address for address in addresses if address not in self.images])
        if name.get("sha1"):
            alike |= Q(file_hash=name["sha1"])
        return SiteImage.objects.filter(alike).first()

    def learn_images(self, addresses):
        """Look up the pictures that came from these addresses, in one query."""
        addresses = set(addresses)
        here = SiteImage.objects.filter(fetched_from__in=addresses).order_by("-pk")
        self.images = dict.fromkeys(addresses) | {image.fetched_from: image for image in here}

    def find_figure(self, name):
        return Figure.objects.filter(slug=str(name), locale=self.timeline.locale).first()

    def body(self, value):
        """
        The text of an event, as its field takes it, without the blocks that lack what they show.

        :raises KeyError: if there is no such block.
        :raises StreamBlockValidationError: if a block is none that an editor could have written.
        """
        whole = []
        for child in value:
            missing = len(self.missing)
            block = BODY.child_blocks[child["type"]]
            found = child | {"value": walk(block, child["value"], self.number, self.text)}
            try:
                whole += [part.get_prep_value() for part in BODY.clean(BODY.to_python([found]))]
            except StreamBlockValidationError:
                if len(self.missing) == missing:
                    raise
        return BODY.to_python(whole)

    def text(self, html):
        html = replace_links(html, self._link)
        if DEAD_LINK.search(html):
            soup = BeautifulSoup(html, "html.parser")
            for link in soup.find_all("a", linktype=True, id=False):
                link.unwrap()
            html = str(soup)
        return safe_html(html)

    def _link(self, kind, reference):
        # A number is that of another database.
        pk = self.number(kind, unescape(reference[2])) if reference and reference[1] == "ref" else None
        return f'<a linktype="{kind}" id="{pk}">' if pk else f'<a linktype="{kind}">'
