"""Questions about pages of any type."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.functions import Cast, Length, Substr
from wagtail.models import Page, PageQuerySet, PageViewRestriction, ReferenceIndex

__all__ = ["BasePageQuerySet", "restrictions_on"]


def restrictions_on(path, restrictions=PageViewRestriction, owner="page"):
    """
    The restrictions that hide a page, or a collection: those on it and on what is above it.

    :param path: the name of the field with its path, as seen by the outer query.
    :param restrictions: the model of the restrictions; `owner` is their field that names what they hide.
    """
    return restrictions.objects.filter(
        **{f"{owner}__path": Substr(OuterRef(path), 1, Length(f"{owner}__path"))}
    )


class BasePageQuerySet(PageQuerySet):
    """Questions about the site's own page types."""

    def linking_to(self, things):
        """Those that link to one of these things or show it in a block, by Wagtail's index of references."""
        references = ReferenceIndex.get_references_to_in_bulk(things).filter(
            base_content_type=ContentType.objects.get_for_model(Page)
        )
        return self.filter(pk__in=references.values(number=Cast("object_id", BigIntegerField())))

    def for_serving(self):
        """With what every page of the type is asked for as it is served."""
        return self.select_related("locale")

    def public(self):
        """Pages that no restriction hides: as Wagtail's own, but without a query of its own each time."""
        return self.exclude(Exists(restrictions_on("path")))

    def private(self):
        """Pages that are hidden by a restriction, on them or above them."""
        return self.exclude(pk__in=self.public().order_by().values("pk"))
