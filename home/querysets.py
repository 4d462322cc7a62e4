"""Questions about pages of any type."""

from datetime import timedelta

from django.db.models import Exists, IntegerField, OuterRef, Q
from django.db.models.functions import Cast, Length, Substr
from django.utils import timezone
from wagtail.models import (
    PageQuerySet,
    PageViewRestriction,
    WorkflowState,
    get_default_page_content_type,
    get_page_models,
)

__all__ = ["REVIEW_AFTER", "BasePageQuerySet", "restrictions_on"]

# A year: what people move, name or decide changes in that time, and nobody reads all pages anew more often.
REVIEW_AFTER = timedelta(days=365)


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

    def for_serving(self):
        """With what every page of the type is asked for as it is served."""
        return self.select_related("locale")

    def public(self):
        """Pages that no restriction hides: as Wagtail's own, but without a query of its own each time."""
        return self.exclude(Exists(restrictions_on("path")))

    def private(self):
        """Pages that are hidden by a restriction, on them or above them."""
        return self.exclude(pk__in=self.public().order_by().values("pk"))

    def without_sources(self):
        """Pages of the types that name sources, with none."""
        models = [model for model in get_page_models() if hasattr(model, "sources")]
        return self._of_any(model.objects.filter(sources=None) for model in models)

    def past_review(self):
        """
        Live pages that nobody has reviewed for REVIEW_AFTER, as their date says. Where there is none, and
        what they say may age, it counts from the day on which they were published last.
        """
        then = timezone.now() - REVIEW_AFTER
        overdue = Q(last_reviewed__lt=timezone.localdate(then))
        forgotten = overdue | Q(last_reviewed=None, last_published_at__lt=then)
        models = [model for model in get_page_models() if hasattr(model, "ages")]
        pages = (model.objects.filter(forgotten if model.ages else overdue) for model in models)
        return self.live()._of_any(pages)

    def drafts_of(self, user):
        """Pages with a change that the user saved last and has neither published, scheduled nor submitted."""
        submitted = WorkflowState.objects.filter(
            base_content_type=get_default_page_content_type(), status=WorkflowState.STATUS_IN_PROGRESS
        )
        return self.filter(
            has_unpublished_changes=True,
            latest_revision__user=user,
            latest_revision__approved_go_live_at=None,
        ).exclude(pk__in=submitted.values_list(Cast("object_id", IntegerField())))

    def _of_any(self, querysets):
        """Those that are in one of the querysets of single page types."""
        found = Q(pk__in=[])
        for pages in querysets:
            found |= Q(pk__in=pages.order_by().values("pk"))
        return self.filter(found)
