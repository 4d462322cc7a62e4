from django.utils.translation import gettext_lazy as _

from home.models.base import BodyPage

__all__ = ["OverviewPage"]


class OverviewPage(BodyPage):
    """What LEAD is, the Support Bureau, the City's role."""

    schema_type = "AboutPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = []

    class Meta:
        verbose_name = _("overview")
        verbose_name_plural = _("overviews")
