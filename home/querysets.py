"""Questions about pages of any type."""

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Length, Substr
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageQuerySet, PageViewRestriction, WorkflowState
from wagtail.permission_policies.pages import PagePermissionPolicy

__all__ = ["BasePageQuerySet", "Stage", "restrictions_on"]


class Stage(models.TextChoices):
    """How far a page has come on its way to visitors, in the order of that way."""

    DRAFT = "1-draft", _("Draft")
    REVIEW = "2-review", _("In review")
    SCHEDULED = "3-scheduled", _("Scheduled")
    EXPIRED = "4-expired", _("Taken back as scheduled")
    LIVE = "5-live", _("Live")
    LIVE_DRAFT = "6-live-draft", _("Live, with draft changes")
    LIVE_REVIEW = "7-live-review", _("Live, changes in review")
    LIVE_SCHEDULED = "8-live-scheduled", _("Live, changes scheduled")


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

    def editable_by(self, user):
        """Pages that the user may change: a contributor her own, an editor all."""
        pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        return self.filter(pk__in=pages.values("pk"))

    def with_stage(self):
        """Each page with its `stage`, the value of a `Stage`, by which pages can be narrowed and sorted."""
        in_review = Exists(
            WorkflowState.objects.filter(
                base_content_type__app_label="wagtailcore",
                base_content_type__model="page",
                object_id=Cast(OuterRef("pk"), models.CharField()),
                status=WorkflowState.STATUS_IN_PROGRESS,
            )
        )
        cases = [
            (Q(live=True, _approved_schedule=True), Stage.LIVE_SCHEDULED),
            (Q(in_review, live=True), Stage.LIVE_REVIEW),
            (Q(live=True, has_unpublished_changes=True), Stage.LIVE_DRAFT),
            (Q(live=True), Stage.LIVE),
            (Q(expired=True), Stage.EXPIRED),
            (Q(_approved_schedule=True), Stage.SCHEDULED),
            (Q(in_review), Stage.REVIEW),
        ]
        return self.annotate_approved_schedule().annotate(
            stage=Case(
                *(When(condition, then=Value(stage.value)) for condition, stage in cases),
                default=Value(Stage.DRAFT.value),
                output_field=models.CharField(),
            )
        )

    def with_source_count(self):
        """Each page with the number of its sources; a row that was opened and left empty is none."""
        sources = self.model._meta.get_field("sources").related_model.objects.exclude(title="")
        count = sources.filter(owner=OuterRef("pk")).order_by().values("owner").annotate(count=Count("pk"))
        return self.annotate(source_count=Coalesce(Subquery(count.values("count")), 0))
