from http import HTTPMethod

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.functional import cached_property, classproperty
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.models import Page, PageManager
from wagtail.search import index

from home.addresses.reserved import is_reserved, reserved_slug
from home.blocks import BodyBlock, BodyField, images_in, sections_of
from home.content_checks.obstacles import CheckedPage, Obstacle
from home.content_checks.reading_level import reading_problem
from home.content_checks.text import TextProblems
from home.corrections.question import CorrectionPanel
from home.forms.pages import BasePageForm
from home.forms.panels import SchedulePanel, WordFilePanel
from home.graphics.cover_images import CoverMixin
from home.history.pages import HistoryMixin
from home.kept import once
from home.models.library.image import image_field
from home.models.library.renditions import load_renditions
from home.privacy import restrictions_on
from home.querysets import BasePageQuerySet
from home.seo.sitemap import alternates
from home.seo.structured_data import StructuredData
from home.text import clean_instance
from home.translating.following import FollowsOriginal
from home.translating.form import TranslationPanel
from home.translating.machine import unread
from home.translating.obstacles import in_words_of_original, is_below_draft_of_home, of_translation
from home.translating.originals import original_of
from home.translating.pictures import undescribed


class BasePage(FollowsOriginal, CheckedPage, HistoryMixin, CoverMixin, StructuredData, Page):
    """A page of the site, with a summary, images for lists and sharing, and corrections."""

    # The name of the security policy of its responses, in leadwatch/policies.py.
    policy = "page"
    # Forms are sent to views of their own.
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    password_required_template = "wagtailcore/password_required.html"
    # Names of fields in `content_panels` that can change without a change of what the page claims.
    not_claims = ()
    # Names of fields that are neither shown to visitors nor to people who may not change the page.
    internal_fields = ()
    # Names of fields that are the same in each language, and are changed on the original page alone.
    shared_fields = ("listing_image", "social_image")
    # False only if the page was fetched for serving, and has none.
    has_corrections = True
    # Whether the page has to be reviewed once a year even if nobody has reviewed it before.
    ages = True

    summary = models.TextField(
        _("summary"),
        max_length=500,
        help_text=_("One or two sentences. Shown in lists, in search results and when a link is shared."),
    )
    listing_image = image_field(
        _("image in lists"), _("Shown when somebody shares the link, if there is no image for sharing.")
    )
    social_image = image_field(
        _("image for sharing"),
        _("Shown when somebody shares the link. Without it, the image in lists is used."),
    )
    last_reviewed = models.DateField(
        _("last reviewed"),
        null=True,
        blank=True,
        help_text=_(
            "The day on which somebody last checked that the page is still right. Shown on the page."
        ),
    )

    title_panel = TitleFieldPanel(
        "title",
        classname="",
        placeholder=False,
        help_text=_("Visitors see it at the top of the page, in lists and in search results."),
    )
    content_panels = [title_panel, FieldPanel("summary")]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("listing_image"), FieldPanel("social_image")],
            heading=_("Images in lists and when shared"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    heading=_("Address"),
                    help_text=_(
                        "The last part of the page's address, such as protest-at-city-hall. It is made from "
                        "the title. After you change it, old links still lead here."
                    ),
                ),
                FieldPanel(
                    "seo_title",
                    heading=_("Title in search engines"),
                    help_text=_("Only if it should differ from the title. Browsers show it on the tab, too."),
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
                        "Check this for a link at the top of the site. Only for pages directly below the "
                        "home page."
                    ),
                ),
            ],
            heading=_("Address, menu and search engines"),
        ),
    ]
    settings_panels = [SchedulePanel(), CommentPanel()]
    review_panels = [
        FieldPanel("last_reviewed"),
        InlinePanel(
            "corrections",
            heading=_("Corrections and updates"),
            label=_("correction or update"),
            help_text=_("Visitors see them on the page and in the feed, newest first."),
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
    def content_tabs(cls):
        return [
            CorrectionPanel(),
            TranslationPanel(),
            ObjectList(cls.content_panels, heading=_("Content")),
            ObjectList(cls.review_panels, heading=_("Review and corrections")),
            ObjectList(cls.promote_panels, heading=_("List and address")),
        ]

    @classproperty
    def edit_handler(cls):
        settings = ObjectList(cls.settings_panels, heading=_("Settings"))
        return TabbedInterface([*cls.content_tabs, settings], base_form_class=cls.base_form_class)

    def full_clean(self, *args, **kwargs):
        # Clean first: a title with nothing but control characters is empty.
        clean_instance(self)
        super().full_clean(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.path and is_reserved(self.slug, self.get_parent()):
            raise ValidationError({"slug": reserved_slug(self.slug)})

    def obstacles(self):
        yield from unread(self)
        original = original_of(self)
        for obstacle in super().obstacles():
            yield of_translation(obstacle, original) if original else obstacle
        if original and is_below_draft_of_home(self):
            words = gettext("The home page in this language is not published yet. Publish it first.")
            yield Obstacle(words, "title", refusal=words)

    def problems(self):
        yield from super().problems()
        if original := original_of(self):
            yield from in_words_of_original(self, original)
            yield from undescribed(self)

    @property
    def images(self):
        """The images that the page shows, in order."""
        return []

    def get_context(self, request, *args, **kwargs):
        load_renditions(list(filter(None, [self.sharing_image, *self.images])))
        return super().get_context(request, *args, **kwargs) | {"json_ld": self.json_ld(request)}

    def get_url_parts(self, request=None):
        """Ask Wagtail once in a request, since a page shows its address and those of its parents often."""
        key = Page.get_url_parts, self.pk, self.url_path, request is None
        return once(key, lambda: super(BasePage, self).get_url_parts(request))

    def get_sitemap_urls(self, request=None):
        (url,) = super().get_sitemap_urls(request)
        if translations := alternates(self, request):
            url["alternates"] = translations
        return [url]

    def get_view_restrictions(self):
        """Return Wagtail's restrictions and, for a copy, those of the pages that it copies."""
        return restrictions_on(self)

    def serve_password_required_response(self, request, form, action_url):
        """Return the form for the password of the page, which reveals nothing about the page itself."""
        if self.locale.language_code != get_language():
            raise Http404
        form.initial.setdefault("return_url", self.get_url(request))
        context = {"form": form, "action_url": action_url}
        response = TemplateResponse(request, self.password_required_template, context)
        response.policy = "login"
        return response

    @cached_property
    def ordered_corrections(self):
        """Corrections and updates, newest first."""
        if not self.has_corrections:
            return []
        return sorted(self.corrections.all(), key=lambda correction: correction.date, reverse=True)


class BodyPage(BasePage):
    """A page whose text is made of blocks."""

    body = BodyField(BodyBlock(), verbose_name=_("text"), blank=True)

    first_panels = [WordFilePanel(), BasePage.title_panel]
    content_panels = [
        *first_panels,
        FieldPanel("summary"),
        FieldPanel("body", help_text=_("What visitors read below the summary, block by block.")),
    ]
    search_fields = BasePage.search_fields + [index.SearchField("body")]

    class Meta:
        abstract = True

    @cached_property
    def images(self):
        return images_in(self.body)

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
