"""Querysets of pages of any type."""

from datetime import timedelta

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact, IsNull
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    Locale,
    PageQuerySet,
    ReferenceIndex,
    Revision,
    WorkflowState,
    get_default_page_content_type,
    get_page_models,
)
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.conditions import Common, any_of, below
from home.privacy import hidden_paths

# How long a page counts as reviewed.
REVIEW_AFTER = timedelta(days=365)


class Stage(models.TextChoices):
    """The stages of a page on its way to publication, in order."""

    DRAFT = "1-draft", _("Draft")
    REVIEW = "2-review", _("In review")
    SCHEDULED = "3-scheduled", _("Scheduled")
    EXPIRED = "4-expired", _("Unpublished as scheduled")
    LIVE = "5-live", _("Live")
    LIVE_DRAFT = "6-live-draft", _("Live, with draft changes")
    LIVE_REVIEW = "7-live-review", _("Live, changes in review")
    LIVE_SCHEDULED = "8-live-scheduled", _("Live, changes scheduled")


def visible(pages):
    """Return the public ones of these pages, in the same order."""
    pages = [page for page in pages if page and page.live and page.url]
    hidden = hidden_paths() if pages else ()
    return [page for page in pages if not page.path.startswith(hidden)]


def in_review():
    """Return a condition: the page is waiting for approval."""
    return Exists(
        WorkflowState.objects.filter(
            base_content_type=get_default_page_content_type(),
            object_id=Cast(OuterRef("pk"), models.CharField()),
            status=WorkflowState.STATUS_IN_PROGRESS,
        )
    )


def scheduled():
    """Return a condition: the page has a revision with a time for publication."""
    revisions = Revision.objects.exclude(approved_go_live_at=None).filter(
        base_content_type=get_default_page_content_type(), object_id=Cast(OuterRef("pk"), models.CharField())
    )
    return Exists(revisions)


class BasePageQuerySet(PageQuerySet):
    def child_of(self, other):
        """Select the children of a page. With Wagtail's LIKE alone, SQLite would look at all pages."""
        first, last = (other.path + other.alphabet[place] * other.steplen for place in (0, -1))
        return super().child_of(other).filter(path__range=(first, last))

    def originals(self):
        """Leave out aliases, which are duplicates."""
        return self.filter(IsNull(Common("alias_of"), True))

    def in_language(self, code):
        """Select the pages in a language."""
        locale = Locale.objects.filter(language_code=code)
        return self.filter(Exact(Common("locale"), Subquery(locale.values("pk"))))

    def few(self):
        """Tell SQLite that there are few pages of this type, so that it does not go through all pages."""
        return self.filter(pk__in=self.model.objects.order_by().values("pk"))

    def linking_to(self, things):
        """Pages that refer to one of these objects, according to Wagtail's reference index."""
        pages = get_default_page_content_type()
        references = ReferenceIndex.get_references_to_in_bulk(things).filter(base_content_type=pages)
        return self.filter(pk__in=references.values(number=Cast("object_id", models.BigIntegerField())))

    def for_serving(self):
        """Select what serving a page needs. The many pages without corrections need no query for them."""
        corrections = self.model._meta.get_field("corrections").related_model.objects
        has_corrections = Exists(corrections.filter(page=OuterRef("pk")))
        return self.select_related("locale").annotate(has_corrections=has_corrections)

    def for_visitors(self):
        """Live pages that no restriction hides. Everything that is shown to the public uses this."""
        return self.live().public()

    def public(self):
        """Pages that no restriction hides. Unlike with Wagtail, copies are as private as their original."""
        hidden = hidden_paths()
        return self.exclude(below(hidden)) if hidden else self.all()

    def private(self):
        """Pages hidden by a restriction on them, on an ancestor, or on what these copy."""
        return self.filter(below(hidden_paths()))

    def with_summary(self):
        """Annotate pages of any type with their `summary`."""
        models = [model for model in get_page_models() if hasattr(model, "summary")]
        return self.annotate(summary=Coalesce(*(f"{model._meta.model_name}__summary" for model in models)))

    def without_sources(self):
        """Pages of the types that have sources, without any."""
        models = [model for model in get_page_models() if hasattr(model, "sources")]
        return self._of_any(model.objects.with_source_count().filter(source_count=0) for model in models)

    def past_review(self):
        """
        Live pages whose last review was longer ago than REVIEW_AFTER. For pages that were never reviewed, the
        last publication counts, unless their type doesn't age.
        """
        then = timezone.now() - REVIEW_AFTER
        overdue = Q(last_reviewed__lt=timezone.localdate(then))
        forgotten = overdue | Q(last_reviewed=None, last_published_at__lt=then)
        models = [model for model in get_page_models() if hasattr(model, "ages")]
        pages = (model.objects.filter(forgotten if model.ages else overdue) for model in models)
        return self.live()._of_any(pages)

    def drafts_of(self, user):
        """
        Pages whose latest draft is the user's, and neither scheduled nor submitted. A draft of somebody who
        left is that of the person who took it over.
        """
        taken_over = Q(owner=user, latest_revision__user__is_active=False)
        return self.filter(
            ~in_review(),
            Q(latest_revision__user=user) | taken_over,
            has_unpublished_changes=True,
            latest_revision__approved_go_live_at=None,
        )

    def editable_by(self, user):
        """Pages that the user may change: their own for contributors, all for editors."""
        if user.is_active and user.is_superuser:
            return self.all()
        pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        return self.filter(pk__in=pages.values("pk"))

    def with_stage(self):
        """Annotate pages with their `stage`, the value of a `Stage`."""
        cases = [
            (Q(scheduled(), live=True), Stage.LIVE_SCHEDULED),
            (Q(in_review(), live=True), Stage.LIVE_REVIEW),
            (Q(live=True, has_unpublished_changes=True), Stage.LIVE_DRAFT),
            (Q(live=True), Stage.LIVE),
            (Q(expired=True), Stage.EXPIRED),
            (Q(scheduled()), Stage.SCHEDULED),
            (Q(in_review()), Stage.REVIEW),
        ]
        return self.annotate(
            stage=Case(
                *(When(condition, then=Value(stage.value)) for condition, stage in cases),
                default=Value(Stage.DRAFT.value),
                output_field=models.CharField(),
            )
        )

    def with_source_count(self):
        """Annotate pages with the number of their sources. Empty rows don't count."""
        sources = self.model._meta.get_field("sources").related_model.objects.exclude(title="")
        count = sources.filter(owner=OuterRef("pk")).order_by().values("owner").annotate(count=Count("pk"))
        return self.annotate(source_count=Coalesce(Subquery(count.values("count")), 0))

    def _of_any(self, querysets):
        """Pages that are in one of these querysets of single page types."""
        return self.filter(any_of(Q(pk__in=pages.order_by().values("pk")) for pages in querysets))
