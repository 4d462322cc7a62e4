import json
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils.functional import cached_property, classproperty
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager, PageViewRestriction
from wagtail.search import index

from home.addresses import is_reserved
from home.blocks import BodyBlock
from home.querysets import BasePageQuerySet

__all__ = ["BasePage", "BasePageForm", "BodyPage", "Correction", "StandardPage"]


class Correction(Orderable):
    """A change to what a page says, told to its readers with its date."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction: something was wrong")
        UPDATE = "update", _("Update: something is new")

    page = ParentalKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.CORRECTION)
    date = models.DateField(_("date"), help_text=_("The day on which the page changed."))
    text = models.TextField(_("what changed"), help_text=_("A visitor reads this sentence on the page."))

    panels = [FieldPanel("kind"), FieldPanel("date"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("correction or update")
        verbose_name_plural = _("corrections and updates")

    def __str__(self):
        return self.text

    @property
    def label(self):
        """The kind in one word."""
        return _("Correction") if self.kind == self.Kind.CORRECTION else _("Update")


def reserved_slug(slug):
    """What an editor is told who gives a page the address of a route."""
    return _("The address “%(slug)s” belongs to the site itself. Please choose another one.") % {"slug": slug}


class BasePageForm(WagtailAdminPageForm):
    """Refuses an address that the site keeps for itself, and takes an earlier version as it was."""

    def __init__(self, *args, instance=None, **kwargs):
        if instance is not None and instance.pk:
            renew_lost_rows(instance)
        super().__init__(*args, instance=instance, **kwargs)

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        if is_reserved(slug, self.parent_page):
            raise ValidationError(reserved_slug(slug))
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


class BasePage(Page):
    """What every page of the site has: a summary, pictures for lists, corrections, structured data."""

    # Which rules of privacy the answer follows: a name in leadwatch/policies.py.
    policy = "page"
    # The schema.org type under which search engines know the page.
    schema_type = "WebPage"

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
        help_text=_("Optional."),
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

    content_panels = Page.content_panels + [FieldPanel("summary")]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("listing_image"), FieldPanel("social_image")],
            heading=_("Pictures in lists and when shared"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("slug"),
                FieldPanel("seo_title"),
                FieldPanel("search_description"),
                FieldPanel("show_in_menus"),
            ],
            heading=_("Address, menu and search engines"),
        ),
    ]
    review_panels = [
        FieldPanel("last_reviewed"),
        InlinePanel("corrections", heading=_("Corrections and updates"), label=_("correction or update")),
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
                ObjectList(cls.content_panels, heading=_("Content")),
                ObjectList(cls.review_panels, heading=_("Review and corrections")),
                ObjectList(cls.promote_panels, heading=_("List and address")),
                ObjectList(cls.settings_panels, heading=_("Settings")),
            ],
            base_form_class=cls.base_form_class,
        )

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
        """As Wagtail's, but without a query for the pages above: routing came by them."""
        lineage = [self]
        while lineage[-1].depth > 2:
            lineage.append(lineage[-1].get_parent())
        # An alias is as private as the page that it shows.
        if any(page.alias_of_id for page in lineage):
            return super().get_view_restrictions()
        paths = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        return PageViewRestriction.objects.filter(page__path__in=paths)

    @property
    def sharing_image(self):
        """The picture that stands for the page elsewhere, or None."""
        return self.social_image or self.listing_image

    @cached_property
    def ordered_corrections(self):
        """Corrections and updates, the newest first."""
        return sorted(self.corrections.all(), key=lambda correction: correction.date, reverse=True)

    def structured_data(self, request=None):
        """
        The page as a schema.org thing. Page types add to it.

        :returns: a dictionary that json can dump.
        """
        data = {
            "@type": self.schema_type,
            "@id": self.get_full_url(request),
            "url": self.get_full_url(request),
            "name": self.title,
            "description": self.search_description or self.summary,
            "inLanguage": get_language(),
        }
        if self.first_published_at:
            data["datePublished"] = self.first_published_at.isoformat()
        if self.last_published_at:
            data["dateModified"] = self.last_published_at.isoformat()
        return data

    def json_ld(self, request=None):
        """The structured data as JSON that is safe between script tags."""
        text = json.dumps(
            {"@context": "https://schema.org"} | self.structured_data(request),
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
        for page in BasePageQuerySet(Page).live().public().select_related("locale"):
            pages[page.translation_key].append(page)
        if request is None:
            return pages
        request.public_translations = pages
    return request.public_translations


class BodyPage(BasePage):
    """A page whose text is made of blocks."""

    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)

    content_panels = BasePage.content_panels + [FieldPanel("body")]
    search_fields = BasePage.search_fields + [index.SearchField("body")]

    class Meta:
        abstract = True


class StandardPage(BodyPage):
    """A page of text: privacy, accessibility, corrections policy, staying safe."""

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
