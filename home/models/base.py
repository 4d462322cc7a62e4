import json
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urljoin

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property, classproperty
from django.utils.http import http_date
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_relations
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index

from home.addresses.reserved import is_reserved
from home.autosave import AutosavedForm
from home.blocks import BodyBlock, sections_of
from home.content_checks.obstacles import CheckedPage, NotPublishable
from home.content_checks.text import TextProblems, reading_problem
from home.corrections.question import CorrectionForm, CorrectionPanel
from home.graphics.cover_images import HEIGHT, WIDTH
from home.graphics.covers import Cover
from home.privacy import restrictions_on
from home.querysets import BasePageQuerySet
from home.seo.structured_data import graph_of, publisher_of
from home.text import clean_data, clean_instance

__all__ = ["BasePage", "BasePageForm", "BodyPage", "StandardPage"]


def reserved_slug(slug):
    """What an editor is told who gives a page the address of a route."""
    return _("The address “%(slug)s” belongs to the site itself. Please choose another one.") % {"slug": slug}


def taken_slug(slug):
    """What an editor is told who gives a page the address of a page beside it."""
    words = _(
        "Another page has the address “%(slug)s” already. Please change it, such as by adding the year."
    )
    return words % {"slug": slug}


class ObstacleForm(WagtailAdminPageForm):
    """Shows the page's obstacles when it is published or submitted; saving a draft ignores them."""

    def _post_clean(self):
        super()._post_clean()
        if self.is_deferred_validation:
            return
        valid = {name for name, formset in self.formsets.items() if formset.is_valid()}
        for name in valid:
            self.formsets[name].instance = self.instance
            self.formsets[name].save(commit=False)
        # A row with an error of its own is shown with that error.
        shown = {*self.errors, *(self.formsets.keys() - valid)}
        if obstacles := [each for each in self.instance.obstacles() if each.path not in shown]:
            self.add_error(None, NotPublishable(self.instance, obstacles))


class BasePageForm(AutosavedForm, CorrectionForm, ObstacleForm):
    """
    Refuses an address that another page has or the site keeps for itself, asks about changes of claims, and
    takes an earlier version as it was.
    """

    def __init__(self, *args, instance=None, **kwargs):
        if instance is not None and instance.pk:
            renew_lost_rows(instance)
        super().__init__(*args, instance=instance, **kwargs)

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if is_reserved(slug, self.parent_page):
            raise ValidationError(reserved_slug(slug))
        # Before Wagtail says it in words of the trade.
        if not Page._slug_is_available(slug, self.parent_page, self.instance):
            raise ValidationError(taken_slug(slug))
        return slug


def renew_lost_rows(page):
    """
    Make rows new, such as sources, that an earlier version has and the database no longer: by their old
    numbers the form would refuse them, and not say which.
    """
    for relation in get_all_child_relations(page):
        rows = [row for row in getattr(page, relation.get_accessor_name()).all() if row.pk]
        known = relation.related_model._base_manager.in_bulk([row.pk for row in rows]) if rows else {}
        for row in rows:
            if row.pk not in known:
                row.pk = None


@dataclass
class SharedPicture:
    """A picture for other sites: its address, what it shows in words, its width and height in pixels."""

    address: str
    words: str
    width: int = WIDTH
    height: int = HEIGHT


class BasePage(CheckedPage, Page):
    """What every page of the site has: a summary, pictures for lists, corrections, structured data."""

    # Which rules of privacy the answer follows: a name in leadwatch/policies.py.
    policy = "page"
    password_required_template = "wagtailcore/password_required.html"
    # The types under which search engines know the page, in schema.org and in Open Graph.
    schema_type = "WebPage"
    open_graph_type = "website"
    # Fields among its content whose change is no change of what the page says.
    not_claims = ()
    # Whether what it says may cease to hold, so that somebody has to look at it again.
    ages = True

    summary = models.TextField(
        _("summary"),
        max_length=500,
        help_text=_("One or two sentences. Shown in lists, in search results and when a link is shared."),
    )
    listing_image = models.ForeignKey(
        "home.SiteImage",
        verbose_name=_("picture in lists"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown when somebody shares the link, if there is no picture for sharing."),
    )
    social_image = models.ForeignKey(
        "home.SiteImage",
        verbose_name=_("picture for sharing"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown when somebody shares the link. Without it, the picture in lists is used."),
    )
    last_reviewed = models.DateField(
        _("last reviewed"),
        null=True,
        blank=True,
        help_text=_(
            "The day on which somebody last checked that all of this still holds. Shown on the page."
        ),
    )

    title_panel = TitleFieldPanel(
        "title",
        help_text=_("Visitors see it at the top of the page, in lists and in search results."),
    )
    content_panels = [title_panel, FieldPanel("summary")]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("listing_image"), FieldPanel("social_image")],
            heading=_("Pictures in lists and when shared"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    heading=_("Address"),
                    help_text=_(
                        "The last part of the page's address, such as protest-at-city-hall. It is made of "
                        "the title; after you change it, old links still lead here."
                    ),
                ),
                FieldPanel(
                    "seo_title",
                    heading=_("Title in search engines"),
                    help_text=_("Only if it is to differ from the title. Browsers show it on the tab, too."),
                ),
                FieldPanel(
                    "search_description",
                    heading=_("Description in search engines"),
                    help_text=_("Shown below the title there. Without it, the summary is used."),
                ),
                FieldPanel(
                    "show_in_menus",
                    heading=_("In the menu"),
                    help_text=_(
                        "Tick it for a link at the top of the site. Only for pages just below the home page."
                    ),
                ),
            ],
            heading=_("Address, menu and search engines"),
        ),
    ]
    review_panels = [
        FieldPanel("last_reviewed"),
        InlinePanel(
            "corrections",
            heading=_("Corrections and updates"),
            label=_("correction or update"),
            help_text=_("Visitors see them on the page and in the feed, the newest first."),
        ),
    ]

    search_fields = Page.search_fields + [
        index.SearchField("title", boost=10),
        index.SearchField("summary", boost=2),
        index.RelatedFields("corrections", [index.SearchField("text")]),
    ]
    base_form_class = BasePageForm

    objects = PageManager.from_queryset(BasePageQuerySet)()

    class Meta:
        abstract = True

    @classproperty
    def edit_handler(cls):
        """The tabs of the editor."""
        return TabbedInterface(
            [
                CorrectionPanel(),
                ObjectList(cls.content_panels, heading=_("Content")),
                ObjectList(cls.review_panels, heading=_("Review and corrections")),
                ObjectList(cls.promote_panels, heading=_("List and address")),
                ObjectList(cls.settings_panels, heading=_("Settings")),
            ],
            base_form_class=cls.base_form_class,
        )

    def full_clean(self, *args, **kwargs):
        # Before anything is checked, since a title of nothing but control characters is empty.
        clean_instance(self)
        super().full_clean(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.path and is_reserved(self.slug, self.get_parent()):
            raise ValidationError({"slug": reserved_slug(self.slug)})

    def serve(self, request, *args, **kwargs):
        return self.answer(super().serve, request, *args, **kwargs)

    def answer(self, serve, request, *args, **kwargs):
        """
        What `serve` answers, under the page's policy. Apart from `serve`, since a page with routes of its own
        has another one.
        """
        # Wagtail answers /es/about/ with the English page as long as there is no Spanish one.
        if self.locale.language_code != get_language():
            raise Http404
        response = serve(request, *args, **kwargs)
        # A route of the page may have named another one.
        response.policy = getattr(response, "policy", self.policy)
        if self.last_published_at and response.status_code == 200 and not response.has_header("ETag"):
            response["Last-Modified"] = http_date(self.last_published_at.timestamp())
        return response

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"json_ld": self.json_ld(request)}

    def get_sitemap_urls(self, request=None):
        """The page's address, and those of its translations that anybody may read."""
        (url,) = super().get_sitemap_urls(request)
        # A copy that waits for its translation is none.
        pages = [
            page
            for page in public_translations(request)[self.translation_key]
            if page.alias_of_id is None or page.pk == self.pk
        ]
        if len(pages) > 1:
            url["alternates"] = [
                {"lang_code": page.locale.language_code, "location": page.get_full_url(request)}
                for page in pages
            ]
        return [url]

    def get_view_restrictions(self):
        """Return Wagtail's restrictions and, for a copy, those of the pages that it copies."""
        return restrictions_on(self)

    def serve_password_required_response(self, request, form, action_url):
        """The form for the password of the page, which says nothing of the page itself."""
        if self.locale.language_code != get_language():
            raise Http404
        form.initial.setdefault("return_url", self.get_url(request))
        context = {"form": form, "action_url": action_url}
        response = TemplateResponse(request, self.password_required_template, context)
        response.policy = "login"
        return response

    @property
    def lineage(self):
        """This page and those above it, up to the home page. Routing came by them: no query."""
        lineage = [self]
        while lineage[-1].depth and lineage[-1].depth > 2:
            lineage.append(lineage[-1].get_parent())
        return lineage

    @property
    def sharing_image(self):
        """The picture that stands for the page elsewhere, or None."""
        return self.social_image or self.listing_image

    @property
    def patchwork(self):
        """The Cover that is the page's own."""
        return Cover(f"{self._meta.model_name}:{self.slug}")

    @property
    def cover(self):
        """The Cover at the head of the page; None where a photograph is shown instead."""
        return self.patchwork

    @cached_property
    def shared_picture(self):
        """What other sites show with the link: its picture for that, or a cover; None before it is saved."""
        if self.sharing_image and self.sharing_image.is_open:
            rendition = self.sharing_image.get_rendition(f"fill-{WIDTH}x{HEIGHT}|format-jpeg")
            if not rendition.is_lost:
                words = self.sharing_image.default_alt_text
                return SharedPicture(rendition.full_url, words, rendition.width, rendition.height)
        if not self.pk or not self.full_url:
            return None
        words = gettext("A patchwork of nine squares, one of them lit: %(title)s") % {"title": self.title}
        return SharedPicture(urljoin(self.full_url, reverse("cover", args=[self.pk])), words)

    @cached_property
    def ordered_corrections(self):
        """Corrections and updates, the newest first."""
        return sorted(self.corrections.all(), key=lambda correction: correction.date, reverse=True)

    def structured_data(self, request=None):
        """
        The page as a schema.org thing. Page types add to it.

        :returns: a dictionary that json can dump.
        """
        address, home = self.get_full_url(request), self.lineage[-1]
        data = {
            "@type": self.schema_type,
            "@id": address,
            "url": address,
            "name": self.title,
            "description": self.search_description or self.summary,
            "inLanguage": get_language(),
            "publisher": publisher_of(home, request),
        }
        if self is not home:
            data["isPartOf"] = {"@id": home.get_full_url(request)}
        if self.shared_picture:
            data["image"] = self.shared_picture.address
        if self.first_published_at:
            data["datePublished"] = self.first_published_at.isoformat()
        if self.last_published_at:
            data["dateModified"] = self.last_published_at.isoformat()
        if errors := [line for line in self.ordered_corrections if line.kind == line.Kind.CORRECTION]:
            data["correction"] = [line.as_structured_data() for line in errors]
        return data

    def json_ld(self, request=None):
        """The structured data as JSON that is safe between script tags."""
        text = json.dumps(
            clean_data({"@context": "https://schema.org", "@graph": graph_of(self, request)}),
            ensure_ascii=False,
            default=str,
        )
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def public_translations(request):
    """
    All pages that anybody may read, by their translation key: asked for once for all addresses of a sitemap.

    :param request: that of the sitemap, which keeps them; None for no sitemap.
    """
    if not hasattr(request, "public_translations"):
        pages = defaultdict(list)
        for page in BasePageQuerySet(Page).for_visitors().select_related("locale"):
            pages[page.translation_key].append(page)
        if request is None:
            return pages
        request.public_translations = pages
    return request.public_translations


class BodyPage(BasePage):
    """A page whose text is made of blocks."""

    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = BasePage.content_panels + [
        FieldPanel("body", help_text=_("What visitors read below the summary, block by block."))
    ]
    search_fields = BasePage.search_fields + [index.SearchField("body")]

    class Meta:
        abstract = True

    @cached_property
    def sections(self):
        """Pairs of the anchor and the heading of each section of the text."""
        return sections_of(self.body)

    def problems(self):
        yield from super().problems()
        text = TextProblems(self)
        yield from text
        if self.locale.language_code == "en":
            yield from reading_problem([(self.summary, "summary"), *text.paragraphs])


class StandardPage(BodyPage):
    """A page of text: privacy, accessibility, corrections policy, staying safe."""

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
