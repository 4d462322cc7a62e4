import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from home.external_links.completing import complete_www

# An origin as in a content security policy. A star can stand for subdomains.
ORIGIN = re.compile(r"https?://(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?")


def validate_origins(text):
    """Raise ValidationError unless each line is an origin, such as https://partner.example."""
    for origin in text.split():
        if not ORIGIN.fullmatch(origin):
            raise ValidationError(
                _("“%(origin)s” is not the start of a web address, such as https://partner.example."),
                params={"origin": origin},
            )


@register_setting(icon="code")
class EmbedSettings(BaseGenericSetting):
    """The setting for which other sites may embed a timeline."""

    class Framing(models.TextChoices):
        ALL = "all", _("Any site")
        LISTED = "listed", _("Only the sites listed below")

    framing = models.CharField(
        _("who may show a timeline"),
        max_length=10,
        choices=Framing,
        default=Framing.ALL,
        help_text=_("Embeds show only what is public, and nothing can be submitted in them."),
    )
    origins = models.TextField(
        _("sites"),
        blank=True,
        validators=[validate_origins],
        help_text=_(
            "One per line, as its address begins: https://partner.example. A star stands for any subdomain: https://*.partner.example."
        ),
    )

    panels = [FieldPanel("framing"), FieldPanel("origins")]

    class Meta:
        verbose_name = _("embedding")

    def clean_fields(self, exclude=None):
        # A browser copies an address with a slash at its end.
        self.origins = "\n".join(complete_www(line).removesuffix("/") for line in self.origins.split())
        super().clean_fields(exclude)

    @property
    def listed_origins(self):
        """The origins of the sites that may embed a timeline; None if any may."""
        return self.origins.split() if self.framing == self.Framing.LISTED else None

    @property
    def frame_ancestors(self):
        """The sources of the policy's directive. Our own site is included for the preview."""
        return ["'self'", *(["*"] if self.listed_origins is None else self.listed_origins)]
