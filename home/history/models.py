from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class WithheldVersion(models.Model):
    """
    A published version of a page whose text is gone, because it would harm somebody.

    Visitors read that it was withheld, when, and why.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="withheld_versions")
    day = models.DateField()
    withheld_on = models.DateField()
    withheld_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(
        _("reason"),
        max_length=300,
        help_text=_("Visitors read it in the history of the page. Don't repeat what did harm."),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="one_withheld_version_a_day")]

    def __str__(self):
        return f"{self.page_id}, {self.day}"
