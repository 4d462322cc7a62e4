from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from home.external_links.fields import PublicURLField


@register_setting(icon="cog")
class SiteSettings(BaseGenericSetting):
    """Settings of the whole site that editors change."""

    exit_url = PublicURLField(
        _("where “Exit this page” leads"),
        default="https://www.weather.gov/",
        help_text=_("A harmless page that anybody might have open, such as the weather."),
    )
    footer_text = models.TextField(
        _("text in the footer"),
        max_length=300,
        blank=True,
        help_text=_("Who is behind this site, in a sentence or two. Shown at the end of each page."),
    )

    panels = [FieldPanel("exit_url"), FieldPanel("footer_text")]

    class Meta:
        verbose_name = _("site settings")
