from datetime import timedelta
from urllib.parse import urlsplit

from django.db import models, transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.copies.models import KeptCopy
from home.external_links.extraction import extract_links
from home.external_links.fetching import Reason
from home.models.figure import Figure

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
LONGEST = 500
# How the path of a link in a source begins.
IN_SOURCES = "sources."

# Reasons that say nothing about the link. It is checked again, with growing pauses.
NO_VERDICT = {Reason.BUSY, Reason.NETWORK}
# Reasons for which only a person can tell whether the link works.
UNKNOWN = {Reason.ADDRESS, Reason.PRIVATE, Reason.CLOSED, Reason.ROBOTS}


class ExternalLinkQuerySet(models.QuerySet):
    def used_in(self, uses):
        return self.filter(Exists(uses.filter(link=OuterRef("pk"))))

    def dead(self):
        """Links that failed several checks in a row, on different days."""
        return self.filter(failures__gte=ExternalLink.DEAD_AFTER)

    def moved(self):
        """Links that work, but redirect permanently."""
        return self.filter(failures=0).exclude(moved_to="")

    def unknown(self):
        """Links for which only a person can tell whether they work."""
        return self.filter(reason__in=UNKNOWN)

    def without_copy(self):
        """Links of sources that we hold no copy of, and never tried to copy; those found last come first."""
        tried = KeptCopy.objects.filter(address=OuterRef("url"))
        return self.used_in(LinkUse.objects.in_sources()).filter(~Exists(tried)).order_by("-pk")

    def due(self, now, most):
        """Return the links to check now: one for each host, of the hosts that have been due the longest."""
        due = self.used_in(LinkUse.objects.all()).filter(next_check__lte=now)
        hosts = due.values("host").annotate(since=Min("next_check")).order_by("since", "host")[:most]
        return [due.filter(host=each["host"]).order_by("next_check", "pk").first() for each in hosts]


class ExternalLink(models.Model):
    """A URL of another site, and the results of checking it."""

    # Failed checks in a row before a link is reported as dead. dead_links_results.html and docs/editors.md
    # name the number, too.
    DEAD_AFTER = 3

    url = models.CharField(_("address"), max_length=LONGEST, unique=True)
    host = models.CharField(max_length=255, db_index=True)
    checked_at = models.DateTimeField(_("last checked"), null=True)
    reason = models.CharField(_("what is wrong"), max_length=12, choices=Reason, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(_("fails since"), null=True)
    put_off = models.PositiveSmallIntegerField(default=0)
    next_check = models.DateTimeField(default=timezone.now, db_index=True)
    moved_to = models.CharField(_("is now at"), max_length=LONGEST, blank=True)

    objects = ExternalLinkQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("link to another site")
        verbose_name_plural = _("links to other sites")

    def __str__(self):
        return self.url

    def claim(self, now):
        """Claim the link by moving `next_check` an hour ahead. Return False if another worker was first."""
        due = type(self).objects.filter(pk=self.pk, next_check=self.next_check)
        return bool(due.update(next_check=now + HOUR))

    def keep(self, finding, now):
        """Save the result of a check and schedule the next one."""
        self.checked_at = now
        if finding.reason in NO_VERDICT:
            self.next_check = now + min(max(finding.retry_after, HOUR * 2 ** min(self.put_off, 8)), WEEK)
            self.put_off += 1
            if finding.reason == Reason.BUSY:
                others = type(self).objects.filter(host=self.host, next_check__lt=self.next_check)
                others.update(next_check=self.next_check)
        else:
            self.put_off = 0
            self.reason = finding.reason
            self.moved_to = finding.moved_to if len(finding.moved_to) <= LONGEST else ""
            self._count(now)
        self.save()

    def _count(self, now):
        if not self.reason or self.reason in UNKNOWN:
            self.failures, self.failing_since = 0, None
            self.next_check = now + (4 * WEEK if self.reason else WEEK)
        else:
            self.next_check = now + min(DAY * 2**self.failures, WEEK)
            self.failures += 1
            self.failing_since = self.failing_since or now


class LinkUseQuerySet(models.QuerySet):
    def editable_by(self, user):
        """Links on pages and figures that the user may change."""
        pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
        mine = Q(page__in=pages.order_by().values("pk"))
        if user.has_perm("home.change_figure"):
            mine |= Q(figure__isnull=False)
        return self.filter(mine)

    def in_sources(self):
        return self.filter(path__startswith=IN_SOURCES)

    def citing(self, address):
        return self.in_sources().filter(link__url=address)

    def of(self, owner):
        return self.filter(**owned_by(owner))

    def gather(self, owner):
        """Update the links of a published page or figure."""
        found = [each for each in extract_links(owner) if len(each.url) <= LONGEST]
        with transaction.atomic():
            hosts = {each.url: urlsplit(each.url).hostname[:255] for each in found}
            ExternalLink.objects.bulk_create(
                [ExternalLink(url=url, host=host) for url, host in sorted(hosts.items())],
                ignore_conflicts=True,
            )
            links = dict(ExternalLink.objects.filter(url__in=hosts).values_list("url", "pk"))
            self.of(owner).delete()
            self.bulk_create(
                self.model(
                    link_id=links[each.url],
                    path=each.path,
                    words=each.words[:255],
                    archived_url=each.archived_url,
                    **owned_by(owner),
                )
                for each in found
            )

    def gather_all(self):
        """Update the links of all published pages and figures."""
        for page in Page.objects.live().specific().iterator(100):
            self.gather(page)
        for figure in Figure.objects.filter(live=True).iterator(100):
            self.gather(figure)


def owned_by(owner):
    return {"figure_id" if isinstance(owner, Figure) else "page_id": owner.pk}


class LinkUse(models.Model):
    """A link to another site on a published page or figure."""

    link = models.ForeignKey(ExternalLink, on_delete=models.CASCADE, related_name="uses")
    page = models.ForeignKey("wagtailcore.Page", null=True, on_delete=models.CASCADE, related_name="+")
    figure = models.ForeignKey(Figure, null=True, on_delete=models.CASCADE, related_name="+")
    path = models.TextField()
    words = models.CharField(max_length=255, blank=True)
    archived_url = models.CharField(max_length=LONGEST, blank=True)

    objects = LinkUseQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="link_on_a_page_or_at_a_figure",
                condition=Q(page__isnull=False, figure__isnull=True)
                | Q(page__isnull=True, figure__isnull=False),
            )
        ]

    def __str__(self):
        return self.words or self.path

    @property
    def owner(self):
        return self.page or self.figure

    @property
    def owner_title(self):
        return self.page.get_admin_display_title() if self.page else str(self.figure)

    @property
    def is_source(self):
        """Whether it is the URL of a source, which can have an archived copy."""
        return self.path.startswith(IN_SOURCES)

    @cached_property
    def place(self):
        """The name of the field in the form."""
        model = self.page.specific_class if self.page_id else Figure
        field = model._meta.get_field(self.path.partition(".")[0])
        return capfirst(field.related_model._meta.verbose_name if field.one_to_many else field.verbose_name)
