import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

__all__ = ["EmbedSettings"]

# The origin of a site as a content security policy takes it; a star may stand for the first names of a host.
ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")


def validate_origins(text):
    """Raise ValidationError unless each line is the origin of a site: https://partner.example."""
    for origin in text.split():
        if not ORIGIN.fullmatch(origin):
            raise ValidationError(
                _("“%(origin)s” is not the beginning of an address, such as https://partner.example."),
                params={"origin": origin},
            )


@register_setting(icon="code")
class EmbedSettings(BaseGenericSetting):
    """Which other sites may show a timeline in a frame on their own pages."""

    class Framing(models.TextChoices):
        ALL = "all", _("Any site")
        LISTED = "listed", _("Only the sites listed below")

    framing = models.CharField(
        _("who may show a timeline"),
        max_length=10,
        choices=Framing.choices,
        default=Framing.ALL,
        help_text=_("What is shown is public, and a visitor can send nothing from there."),
    )
    origins = models.TextField(
        _("sites"),
        blank=True,
        validators=[validate_origins],
        help_text=_(
            "One to a line, as its address begins: https://partner.example. A star stands for any name: https://*.partner.example."
        ),
    )

    panels = [FieldPanel("framing"), FieldPanel("origins")]

    class Meta:
        verbose_name = _("embedding")

    @property
    def listed_origins(self):
        """The only sites that may show a timeline; empty if any may."""
        return self.origins.split() if self.framing == self.Framing.LISTED else []

    @property
    def frame_ancestors(self):
        """The sources of the policy's directive; our own site is always one, for its own preview."""
        return ["'self'", *(["*"] if self.framing == self.Framing.ALL else self.origins.split())]
