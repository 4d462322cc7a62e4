"""Questions about pages of any type."""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Length, Substr
from wagtail.models import PageQuerySet, PageViewRestriction

__all__ = ["BasePageQuerySet"]


class BasePageQuerySet(PageQuerySet):
    """Questions about the site's own page types."""

    def for_serving(self):
        """With what every page of the type is asked for as it is served."""
        return self.select_related("locale")

    def public(self):
        """Pages that no restriction hides: as Wagtail's own, but without a query of its own each time."""
        hidden_below = PageViewRestriction.objects.filter(
            page__path=Substr(OuterRef("path"), 1, Length("page__path"))
        )
        return self.exclude(Exists(hidden_below))

    def private(self):
        """Pages that are hidden by a restriction, on them or above them."""
        return self.exclude(pk__in=self.public().order_by().values("pk"))
