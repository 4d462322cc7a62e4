"""The version of its original that a translation follows."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale


class Machine(models.TextChoices):
    """The part that a machine had in the draft of a translation."""

    NONE = "", ""
    WAITING = "waiting", _("A machine is translating it. Open it again in a minute.")
    UNREAD = "unread", _("Translated by a machine. Read every sentence before you publish.")
    AWAY = "away", _("The service that translates did not answer. These are the words of the original.")
    REFUSED = (
        "refused",
        _(
            "The service that translates refused: the page is too long, its key is wrong, or its quota is "
            "used up. These are the words of the original. Tell an administrator."
        ),
    )


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
    machine = models.CharField(max_length=8, blank=True, default=Machine.NONE, db_default=Machine.NONE.value)

    objects = TranslationQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["translation_key", "locale"], name="one_row_a_translation")
        ]

    @property
    def state(self):
        """A sentence about the machine, for the form."""
        return Machine(self.machine).label

    def __str__(self):
        return f"{self.translation_key} ({self.locale})"
