from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage
from wagtail.models import Page
from wagtail.search import index

from home.consent.models import ImageWithPeople, ImageWithPeopleQuerySet
from home.files.cleaning import clean_image
from home.models.library.renditions import WithRenditions
from home.models.library.stored import WithoutMetadata
from home.querysets import BasePageQuerySet
from home.wagtail_internals import ImageFileHook


def image_field(verbose_name, help_text):
    """Return a field for an optional image."""
    return models.ForeignKey(
        "home.SiteImage",
        verbose_name=verbose_name,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=help_text,
    )


class SiteImageQuerySet(ImageWithPeopleQuerySet):
    def undescribed(self):
        """Images that are neither described nor decorative."""
        return self.filter(description="", is_decorative=False)


class SiteImage(WithoutMetadata, WithRenditions, ImageFileHook, ImageWithPeople, AbstractImage):
    """An image with a description for people who don't see it. It is stored without metadata."""

    is_decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("Check this only if the image adds nothing to the text; screen readers then skip it."),
    )
    credit = models.CharField(
        _("credit"), max_length=255, blank=True, help_text=_("Who made the image. Shown below it.")
    )

    descriptions = models.JSONField(
        _("description in other languages"),
        default=dict,  # By the code of the language.
        db_default={},
        blank=True,
        help_text=_("Pages in a language without one show the description in the first language."),
    )

    # The URL from which an import downloaded it, so that the next import recognizes it.
    fetched_from = models.URLField(max_length=1000, blank=True, editable=False, db_index=True)

    objects = SiteImageQuerySet.as_manager()

    # For searching among images without a description only.
    search_fields = [
        *AbstractImage.search_fields,
        index.FilterField("description"),
        index.FilterField("is_decorative"),
    ]

    admin_form_fields = (
        *("title", "file", "description", "descriptions", "is_decorative", "credit", "people"),
        *("consent_from", "consent_on", "consent_until", "consent_withdrawn", "collection", "tags"),
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def clean(self):
        super().clean()
        errors = self.clean_consent()
        if not self.description and not self.is_decorative:
            errors["description"] = _("Describe the image in a sentence, or mark it as decorative.")
        if errors:
            raise ValidationError(errors)

    @property
    def is_open(self):
        return super().is_open and not self.is_withheld

    def save(self, *args, **kwargs):
        """Save the image. If visitors no longer see it, or see it again, update the search index."""
        is_changed = self.is_left_out != self.is_withheld
        self.is_left_out = self.is_withheld
        is_replaced = SiteImage.objects.filter(pk=self.pk).exclude(file=self.file.name).exists()
        super().save(*args, **kwargs)
        if is_replaced:
            self.renditions.all().delete()
        self.prepare_renditions()
        if is_changed:
            transaction.on_commit(self.index_pages)

    def index_pages(self):
        for page in BasePageQuerySet(Page).linking_to([self]).specific():
            index.insert_or_update_object(page)

    def without_metadata(self, file):
        _format, clean = clean_image(file)
        return clean

    def set_file_metadata(self):
        # A file that Wagtail has stored before this comes from the form field, without metadata.
        self.take_file()
        self.measure()

    @property
    def default_alt_text(self):
        return "" if self.is_decorative else self.description

    def described(self, code):
        """
        Return the description for readers of a language, and the code of the language that it is in.

        A block can have a description of its own. One that is the same as here was taken from here.
        """
        own, first = self.contextual_alt_text, settings.LANGUAGE_CODE
        if self.decorative:
            return "", code
        if own and own != self.description:
            return own, code
        words = self.descriptions.get(code)
        if words and (own or not self.is_decorative):
            return words, code
        return own or self.default_alt_text, first
