from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.search import index

from home.models import Snippet


class EventCategory(Snippet):
    """A kind of event, such as policy, policing or funding."""

    name = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("Visitors see it on each event, and can filter the timeline by it."),
    )
    slug = models.SlugField(
        _("short name in the address"), max_length=100, help_text=_("For example: policy.")
    )
    description = models.CharField(
        _("what belongs here"),
        max_length=255,
        blank=True,
        help_text=_("A sentence for editors who write events."),
    )

    panels = [
        Snippet.translation_panel,
        TitleFieldPanel("name", classname="", placeholder=False),
        Snippet.slug_panel,
        FieldPanel("description"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]

    class Meta(Snippet.Meta):
        ordering = ["name"]
        verbose_name = _("event category")
        verbose_name_plural = _("event categories")

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """Save the category, and keep its old slug: partners' embeds may filter by it."""
        old = EventCategory.objects.filter(pk=self.pk).exclude(slug=self.slug).values_list("slug", flat=True)
        former = old.first()
        super().save(*args, **kwargs)
        if former:
            FormerCategorySlug.objects.filter(slug=former, category__locale=self.locale_id).delete()
            self.former_slugs.create(slug=former)


class FormerCategorySlug(models.Model):
    """A slug that a category had before. Unlike a field, it isn't reset by publishing an older revision."""

    category = models.ForeignKey(EventCategory, on_delete=models.CASCADE, related_name="former_slugs")
    slug = models.SlugField(max_length=100, db_index=True)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return self.slug
