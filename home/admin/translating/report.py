"""The list of what is not translated, not published or not up to date, in each other language."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page, WorkflowState, get_default_page_content_type
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.admin.front.panel import Notice
from home.admin.screens import register_report
from home.admin.translating.beginning import (
    beginning_of,
    form_of,
    language_name,
    snippet_models,
)
from home.models import Translation
from home.querysets import BasePageQuerySet
from home.translating.models import Machine
from home.translating.originals import other_locales
from home.wagtail_internals import permission_policy


@dataclass(frozen=True)
class Work:
    """A page or snippet that needs work in a language."""

    title: str
    type: str
    language: str
    state: str
    url: str


def originals_for(user):
    """Yield the published originals that a user may change: the pages, and the snippets of each kind."""
    pages = BasePageQuerySet(Page).editable_by(user).originals().exclude(depth=1)
    yield pages.order_by("path")
    for model in snippet_models():
        yield permission_policy(model).instances_user_has_permission_for(user, "change")


def needing_work(user, locale):
    """Yield querysets of the originals whose translation in a language is missing, a draft or behind."""
    behind = Translation.objects.filter(locale=locale).exclude(behind_since=None)
    for originals in originals_for(user):
        yield originals.filter(
            ~Exists(translations(originals.model, locale).filter(live=True))
            | Q(translation_key__in=behind.values("translation_key")),
            live=True,
            locale__language_code=settings.LANGUAGE_CODE,
        )


def translations(model, locale):
    """Return a query of the translations of an outer query's originals."""
    found = model.objects.filter(translation_key=OuterRef("translation_key"), locale=locale)
    return found.filter(alias_of=None) if model is Page else found


def with_state(originals, locale):
    """Annotate originals with the key of their translation, its review, and since when it is behind."""
    model = originals.model
    kind = get_default_page_content_type() if model is Page else ContentType.objects.get_for_model(model)
    states = WorkflowState.objects.filter(
        base_content_type=kind,
        object_id=Cast(OuterRef("translated"), CharField()),
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
    rows = Translation.objects.filter(translation_key=OuterRef("translation_key"), locale=locale)
    return originals.annotate(
        translated=Subquery(translations(model, locale).values("pk")[:1]),
        is_in_review=Exists(states),
        behind_since=Subquery(rows.values("behind_since")[:1]),
        machine=Subquery(rows.values("machine")[:1]),
    )


STATES = {
    Machine.WAITING: gettext_lazy("A machine is translating it"),
    Machine.UNREAD: gettext_lazy("Translated by a machine, not read yet"),
    Machine.AWAY: gettext_lazy("Draft: no machine translated it"),
    Machine.REFUSED: gettext_lazy("Draft: no machine translated it"),
}


def state_of(original):
    if original.translated is None:
        return _("Not translated")
    if original.is_in_review:
        return _("Waits for review")
    if original.behind_since:
        return _("Original changed on %(day)s") % {"day": date_format(localtime(original.behind_since))}
    return STATES.get(original.machine) or _("Draft")


def work_in(user, locale):
    """Yield the Work in a language: the pages in the order of the site, then the snippets."""
    language = capfirst(language_name(locale))
    for originals in needing_work(user, locale):
        for original in with_state(originals, locale):
            if original.translated:
                url = form_of(type(original), original.translated)
            else:
                url = beginning_of(original, locale)
            is_page = isinstance(original, Page)
            kind = original.page_type_display_name if is_page else capfirst(original._meta.verbose_name)
            yield Work(str(original), kind, language, state_of(original), url)


class UntranslatedReport(ReportView):
    page_title = gettext_lazy("Translations to do")
    header_icon = "globe"
    index_url_name = "untranslated"
    permission_policy = PagePermissionPolicy()
    any_permission_required = ["add", "change", "publish"]
    results_template_name = "wagtailadmin/reports/base_report_results.html"
    no_results_message = gettext_lazy("Everything is translated.")

    @cached_property
    def columns(self):
        return [
            TitleColumn("title", label=gettext_lazy("Original"), get_url=lambda work: work.url),
            Column("type", label=gettext_lazy("Type")),
            # One language needs no column, for which a phone has no room.
            *([Column("language", label=gettext_lazy("Language"))] if other_locales().count() > 1 else []),
            Column("state", label=gettext_lazy("State")),
        ]

    def get_queryset(self):
        return [work for locale in other_locales() for work in work_in(self.request.user, locale)]


register_report(UntranslatedReport, 110)


@hooks.register("register_notice")
def translations_to_do(request):
    for order, locale in enumerate(other_locales(), 50):
        count = sum(originals.count() for originals in needing_work(request.user, locale))
        words = ngettext(
            "%(language)s: %(count)s translation is missing, a draft or out of date.",
            "%(language)s: %(count)s translations are missing, drafts or out of date.",
            count,
        )
        words %= {"count": count, "language": capfirst(language_name(locale))}
        yield Notice(count, words, reverse("untranslated"), "globe", order=order)
