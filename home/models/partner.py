from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import PageManager
from wagtail.search import index

from home.consent.models import shown
from home.external_links.fields import PublicURLField
from home.external_links.validation import is_link
from home.kept import kept
from home.models.base import BasePage, BodyPage
from home.models.library.image import image_field
from home.querysets import BasePageQuerySet


class PartnerIndexPage(BasePage):
    """The list of organizations, starting with those that keep the site."""

    schema_type = "CollectionPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.PartnerPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of partners")
        verbose_name_plural = _("lists of partners")

    def get_context(self, request, *args, **kwargs):
        partners = PartnerPage.objects.child_of(self).for_visitors().select_related("logo").in_order()
        return super().get_context(request, *args, **kwargs) | {"partners": partners}


class PartnerQuerySet(BasePageQuerySet):
    def in_order(self):
        return self.order_by("standing", "title")

    def watchers(self):
        return self.filter(standing=PartnerPage.Standing.WATCHER)


@kept
def watchers_in(language):
    """Return the public organizations that keep this site, in a language."""
    watchers = PartnerPage.objects.few().for_visitors().watchers().in_order().defer("body")
    return tuple(watchers.in_language(language))


class PartnerPage(BodyPage):
    """An organization: what it is, its role, and the events in which it took part."""

    class Standing(models.TextChoices):
        WATCHER = "1-watcher", _("Keeps this site")
        ALLY = "2-ally", _("Works with us")
        SUBJECT = "3-subject", _("Described here, not a partner of this site")

    schema_type = "ProfilePage"
    parent_page_types = ["home.PartnerIndexPage"]
    shared_fields = (*BodyPage.shared_fields, "standing", "logo", "website")
    subpage_types = []

    short_name = models.CharField(
        _("short name"), max_length=50, blank=True, help_text=_("As people say it: GHJP, SWAN.")
    )
    kind = models.CharField(
        _("kind of organization"), max_length=100, help_text=_("For example: Grassroots organization.")
    )
    role = models.CharField(
        _("role"), max_length=150, help_text=_("What it does here, in a few words: Maintains the site.")
    )
    standing = models.CharField(
        _("standing"),
        max_length=10,
        choices=Standing,
        default=Standing.ALLY,
        help_text=_("Organizations that keep the site are named on the front page."),
    )
    logo = image_field(_("logo"), _("Shown on its page."))
    website = PublicURLField(
        _("website"), blank=True, help_text=_("Its own site. The page of the organization links to it.")
    )
    contact = models.CharField(
        _("contact"), max_length=255, blank=True, help_text=_("A public address or telephone number.")
    )

    content_panels = [
        *BodyPage.first_panels,
        FieldRowPanel([FieldPanel("short_name"), FieldPanel("kind")]),
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("standing"), FieldPanel("role")], heading=_("Part that it plays")),
        FieldPanel("logo"),
        FieldRowPanel([FieldPanel("website"), FieldPanel("contact")]),
        FieldPanel("body", help_text=_("What visitors read below the summary, block by block.")),
    ]
    search_fields = BodyPage.search_fields + [
        index.SearchField("short_name", boost=5),
        index.AutocompleteField("short_name"),
        index.SearchField("kind"),
        index.SearchField("role"),
    ]

    objects = PageManager.from_queryset(PartnerQuerySet)()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    @cached_property
    def images(self):
        return [*filter(None, [shown(self.logo)]), *super().images]

    def structured_data(self, request=None):
        return super().structured_data(request) | {"mainEntity": self.as_organization()}

    def as_organization(self):
        organization = {"@type": "Organization", "name": self.title, "description": self.summary}
        if self.short_name:
            organization["alternateName"] = self.short_name
        if is_link(self.website):
            organization["url"] = self.website
        return organization
