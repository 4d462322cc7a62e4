from itertools import groupby

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Page

from home.addresses.sections import sections
from home.external_links.fields import PublicURLField


class FooterLinksPanel(Panel):
    """Links to the pages that the footer links to by their titles."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/admin/footer_links.html"

        def homes(self):
            """Yield each home page with its links. They are in the order of the pages' paths."""
            models = ("PartnerIndexPage", "ContactPage", "StandardPage")
            linked = [section for section in sections() if any(map(section.is_a, models))]
            for _path, links in groupby(linked, lambda section: section.page.path[: -Page.steplen]):
                links = list(links)
                yield links[0].page.get_parent(), links


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

    panels = [
        FieldPanel("exit_url"),
        FieldPanel("footer_text"),
        FooterLinksPanel(heading=_("Links in the footer")),
    ]

    class Meta:
        verbose_name = _("site settings")
