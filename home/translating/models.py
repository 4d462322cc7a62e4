"""The version of its original that a translation follows."""

from django.db import models
from wagtail.models import Locale


class TranslationQuerySet(models.QuerySet):
    def of(self, thing):
        """Select the row of a translated page or snippet."""
        return self.filter(translation_key=thing.translation_key, locale=thing.locale_id)


class Translation(models.Model):
    """
    A translated page or snippet, and the version of its original that it follows.

    It is behind if the original was published with other words since. What is the same in both languages does
    not count: it is copied at once.
    """

    translation_key = models.UUIDField()
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    # None if the version is not known, or not kept any more.
    follows = models.ForeignKey(
        "wagtailcore.Revision", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    behind_since = models.DateTimeField(null=True, db_index=True)

    objects = TranslationQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["translation_key", "locale"], name="one_row_a_translation")
        ]

    def __str__(self):
        return f"{self.translation_key} ({self.locale})"
