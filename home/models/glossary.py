from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.search import index

from home.models.base import BasePage
from home.models.snippet import Snippet


class GlossaryTerm(Snippet):
    term = models.CharField(_("term"), max_length=100, help_text=_("The word that is explained."))
    slug = models.SlugField(
        _("short name in the address"), max_length=100, help_text=_("For example: harm-reduction.")
    )
    aliases = models.CharField(
        _("also called"),
        max_length=255,
        blank=True,
        help_text=_("Other names and acronyms, separated by commas."),
    )
    definition = models.TextField(_("explanation"), help_text=_("One or two plain sentences."))

    panels = [
        Snippet.translation_panel,
        TitleFieldPanel("term", classname="", placeholder=False),
        Snippet.slug_panel,
        FieldPanel("aliases"),
        FieldPanel("definition"),
    ]
    search_fields = [
        index.SearchField("term", boost=5),
        index.AutocompleteField("term"),
        index.SearchField("aliases", boost=5),
        index.AutocompleteField("aliases"),
        index.SearchField("definition", boost=2),
        index.FilterField("locale_id"),
        index.FilterField("live"),
    ]

    class Meta(Snippet.Meta):
        ordering = ["term"]
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")

    def __str__(self):
        return self.term

    @property
    def other_names(self):
        return [name.strip() for name in self.aliases.split(",") if name.strip()]

    def is_called(self, name):
        return name.casefold() in {each.casefold() for each in (self.term, *self.other_names)}

    def as_structured_data(self, glossary):
        """Return the term as a schema.org DefinedTerm. `glossary` is the URL of the glossary page."""
        data = {
            "@type": "DefinedTerm",
            "name": self.term,
            "description": self.definition,
            "url": f"{glossary}#term-{self.slug}",
        }
        if names := self.other_names:
            data["alternateName"] = names
        return data


class GlossaryPage(BasePage):
    """The terms, in alphabetical order."""

    schema_type = "DefinedTermSet"
    parent_page_types = ["home.HomePage"]
    subpage_types = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("glossary")
        verbose_name_plural = _("glossaries")

    @cached_property
    def terms(self):
        return GlossaryTerm.objects.filter(live=True, locale_id=self.locale_id)

    @cached_property
    def originals(self):
        """The terms in the first language of the site, by translation key, for a page in another one."""
        if self.locale.language_code == settings.LANGUAGE_CODE:
            return {}
        keys = [term.translation_key for term in self.terms]
        terms = GlossaryTerm.objects.filter(
            translation_key__in=keys, locale__language_code=settings.LANGUAGE_CODE
        )
        return {term.translation_key: term for term in terms}

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"terms": self.terms}

    def structured_data(self, request=None):
        data = super().structured_data(request)
        return data | {"hasDefinedTerm": [term.as_structured_data(data["url"]) for term in self.terms]}
