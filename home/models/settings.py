from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

__all__ = ["PublicSetting", "SiteSettings"]


class PublicSetting(BaseGenericSetting):
    """A setting that pages show. To show them writes nothing: until an editor opens it, the defaults hold."""

    class Meta:
        abstract = True

    @classmethod
    def load(cls, request_or_site=None):
        """As Wagtail's, which stores the defaults when they are first asked for, but not for visitors."""
        request = request_or_site if isinstance(request_or_site, HttpRequest) else None
        user = getattr(request, "user", None)
        if request is None or (user and user.is_authenticated):
            return super().load(request_or_site)
        name = cls.get_cache_attr_name()
        if not hasattr(request, name):
            setattr(request, name, cls.base_queryset().first() or cls())
        return getattr(request, name)


@register_setting(icon="cog")
class SiteSettings(PublicSetting):
    """What editors decide for the whole site."""

    exit_url = models.URLField(
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
