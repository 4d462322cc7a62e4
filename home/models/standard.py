from django.utils.translation import gettext_lazy as _

from home.models.base import BodyPage


class OverviewPage(BodyPage):
    """The page on LEAD, the Support Bureau and the City's role."""

    schema_type = "AboutPage"
    parent_page_types = ["home.HomePage"]
    subpage_types = []

    class Meta:
        verbose_name = _("overview")
        verbose_name_plural = _("overviews")


class StandardPage(BodyPage):
    """A page of text: privacy, accessibility, the corrections policy, staying safe."""

    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
