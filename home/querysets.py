"""Questions about pages of any type."""

from datetime import timedelta

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    PageQuerySet,
    ReferenceIndex,
    WorkflowState,
    get_default_page_content_type,
    get_page_models,
)
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.privacy import below, hidden_paths

__all__ = ["REVIEW_AFTER", "BasePageQuerySet", "Stage", "visible"]

# A year: what people move, name or decide changes in that time, and nobody reads all pages anew more often.
REVIEW_AFTER = timedelta(days=365)


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


def visible(pages):
    """Return the pages that a stranger may read and be told of, in the same order."""
    pages = [page for page in pages if page and page.live and page.url]
    hidden = hidden_paths() if pages else ()
    return [page for page in pages if not page.path.startswith(hidden)]


def in_review():
    """Whether a page waits for somebody's approval."""
    return Exists(
        WorkflowState.objects.filter(
            base_content_type=get_default_page_content_type(),
            object_id=Cast(OuterRef("pk"), models.CharField()),
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
    )


class BasePageQuerySet(PageQuerySet):
    """Questions about the site's own page types."""

    def linking_to(self, things):
        """Those that link to one of these things or show it in a block, by Wagtail's index of references."""
        references = ReferenceIndex.get_references_to_in_bulk(things).filter(
            base_content_type=get_default_page_content_type()
        )
        return self.filter(pk__in=references.values(number=Cast("object_id", models.BigIntegerField())))

    def for_serving(self):
        """With what every page of the type is asked for as it is served."""
        return self.select_related("locale")

    def for_visitors(self):
        """
        The pages that a stranger may read and be told of: live, and neither hidden by a restriction nor a
        copy of what is hidden. All that is public asks this.
        """
        return self.live().public()

    def public(self):
        """Pages that no restriction hides: as Wagtail's own, but copies are as private as their original."""
        return self.exclude(below(hidden_paths()))

    def private(self):
        """Pages that are hidden by a restriction: on them, above them, or on what they copy."""
        return self.filter(below(hidden_paths()))

    def without_sources(self):
        """Pages of the types that name sources, with none."""
        models = [model for model in get_page_models() if hasattr(model, "sources")]
        return self._of_any(model.objects.with_source_count().filter(source_count=0) for model in models)

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
        return self.filter(
            ~in_review(),
            has_unpublished_changes=True,
            latest_revision__user=user,
            latest_revision__approved_go_live_at=None,
        )

    def editable_by(self, user):
        """Pages that the user may change: a contributor her own, an editor all."""
        pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        return self.filter(pk__in=pages.values("pk"))

    def with_stage(self):
        """Each page with its `stage`, the value of a `Stage`, by which pages can be narrowed and sorted."""
        cases = [
            (Q(live=True, _approved_schedule=True), Stage.LIVE_SCHEDULED),
            (Q(in_review(), live=True), Stage.LIVE_REVIEW),
            (Q(live=True, has_unpublished_changes=True), Stage.LIVE_DRAFT),
            (Q(live=True), Stage.LIVE),
            (Q(expired=True), Stage.EXPIRED),
            (Q(_approved_schedule=True), Stage.SCHEDULED),
            (Q(in_review()), Stage.REVIEW),
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

    def _of_any(self, querysets):
        """Those that are in one of the querysets of single page types."""
        found = Q(pk__in=[])
        for pages in querysets:
            found |= Q(pk__in=pages.order_by().values("pk"))
        return self.filter(found)
