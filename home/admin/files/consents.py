"""The report about images of people: consents that end, and images of which nobody has said anything."""

from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from home.admin.front.panel import Notice
from home.admin.screens import register_report
from home.models import SiteImage
from home.wagtail_internals import permission_policy


def images_of(user):
    return permission_policy(SiteImage).instances_user_has_permission_for(user, "change")


def state_of(image):
    """Return what is to be said about the consent for an image."""
    if not image.people:
        return _("Nobody has said whether anybody can be recognized. It is shown.")
    if image.consent_withdrawn:
        return _("Consent was withdrawn. It is not shown.")
    day = date_format(image.consent_until)
    if image.is_withheld:
        return _("Consent ended on %(day)s. It is not shown.") % {"day": day}
    return _("Consent ends after %(day)s.") % {"day": day}


class ConsentsReport(ReportView):
    """Images that are not shown any more, whose consent ends soon, or without an answer, in this order."""

    page_title = gettext_lazy("Expiring consents")
    header_icon = "user"
    index_url_name = "ending_consents"
    model = SiteImage
    any_permission_required = ["add", "change", "delete"]
    no_results_message = gettext_lazy("There are no such images.")
    columns = [
        TitleColumn("title", label=gettext_lazy("Image"), url_name="wagtailimages:edit"),
        Column("state", label=gettext_lazy("Consent"), accessor=state_of),
        DateColumn("created_at", label=gettext_lazy("Added")),
    ]
    list_export = ["title", "people", "consent_until", "consent_withdrawn"]

    @property
    def permission_policy(self):
        return permission_policy(SiteImage)

    def get_queryset(self):
        images = images_of(self.request.user)
        # An empty answer comes last.
        order = "-people", "-consent_withdrawn", F("consent_until").asc(nulls_last=True), "-pk"
        return (images.with_consent_ending() | images.unanswered()).order_by(*order)


register_report(ConsentsReport, 150)


@hooks.register("register_notice")
def ending_consents(request):
    images = images_of(request.user)
    url = reverse(ConsentsReport.index_url_name)
    count = images.with_consent_ending().count()
    words = ngettext(
        "%(count)s consent to be shown in an image ends soon or has ended.",
        "%(count)s consents to be shown in an image end soon or have ended.",
        count,
    )
    yield Notice(count, words % {"count": count}, url, icon="user", order=60)
    count = images.unanswered().count()
    words = ngettext(
        "%(count)s image does not say whether anybody can be recognized.",
        "%(count)s images do not say whether anybody can be recognized.",
        count,
    )
    yield Notice(count, words % {"count": count}, url, icon="user", order=61)
