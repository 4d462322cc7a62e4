"""The news: everything that was published, corrected and added in a span of days, as text to copy."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Locale, ModelLogEntry, Page

from home.dates.values import PreciseDate, for_people
from home.forms.widgets import DayInput
from home.models import Correction, Figure, FiguresPage, GlossaryPage, GlossaryTerm
from home.querysets import BasePageQuerySet

DAYS = 30
# The maximum number of items of each kind: more than anybody reads in a newsletter.
MOST = 200


@dataclass(frozen=True)
class Item:
    title: str
    address: str
    when: str
    summary: str


class SpanForm(forms.Form):
    """The first and the last day, and the language of the text."""

    first = forms.DateField(label=gettext_lazy("From"), widget=DayInput)
    last = forms.DateField(label=gettext_lazy("To"), widget=DayInput)
    locale = forms.ModelChoiceField(Locale.objects.all(), label=gettext_lazy("Language"), empty_label=None)

    def clean(self):
        data = super().clean()
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last day is before the first one."))
        return data


class News:
    """All that became public from one day to another, in one language, as sections of items."""

    def __init__(self, first, last, locale):
        self.first, self.last, self.locale = first, last, locale
        self.span = [
            timezone.make_aware(datetime.combine(day, time())) for day in (first, last + timedelta(days=1))
        ]
        # Aliases are not news.
        self.public = BasePageQuerySet(Page).filter(locale=locale, alias_of=None).for_visitors()

    @property
    def title(self):
        days = for_people(PreciseDate.from_date(self.first), PreciseDate.from_date(self.last))
        return _("New on %(site)s, %(days)s") % {"site": settings.WAGTAIL_SITE_NAME, "days": days}

    @property
    def sections(self):
        """Pairs of a heading and its items, without empty ones."""
        sections = [
            *self.pages(),
            (_("Corrections and updates"), self.corrections()),
            (_("Figures, new or with new numbers"), self.figures()),
            (_("New in the glossary"), self.terms()),
        ]
        return [(heading, items) for heading, items in sections if items]

    def pages(self):
        def kind(page):
            return capfirst(page._meta.verbose_name_plural)

        published = self.within("first_published_at", self.public)
        pages = sorted(published.order_by("first_published_at", "pk")[:MOST].specific(), key=kind)
        return [(heading, [page_item(page) for page in group]) for heading, group in groupby(pages, key=kind)]

    def corrections(self):
        """Corrections of older pages too. Their day counts, since visitors see it."""
        corrections = Correction.objects.filter(
            page__in=self.public, date__gte=self.first, date__lte=self.last
        )
        return [
            Item(
                f"{correction.label}: {correction.page.title}",
                correction.page.full_url,
                for_people(PreciseDate.from_date(correction.date)),
                correction.text,
            )
            for correction in corrections.select_related("page").order_by("date", "pk")[:MOST]
        ]

    def figures(self):
        published = ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Figure), action="wagtail.publish"
        )
        ids = set(self.within("timestamp", published).values_list("object_id", flat=True))
        figures = Figure.objects.filter(pk__in=ids, live=True, locale=self.locale)
        return self.parts_of(FiguresPage, "figure", [(each, each.description) for each in figures[:MOST]])

    def terms(self):
        terms = GlossaryTerm.objects.filter(live=True, locale=self.locale)
        terms = self.within("first_published_at", terms)
        return self.parts_of(GlossaryPage, "term", [(each, each.definition) for each in terms[:MOST]])

    def within(self, field, objects):
        start, end = self.span
        return objects.filter(**{f"{field}__gte": start, f"{field}__lt": end})

    def parts_of(self, model, prefix, parts):
        """Return items of what has no page of its own, but an anchor on the page of a model."""
        page = self.public.type(model).first() if parts else None
        return [
            Item(str(part), f"{page.full_url}#{prefix}-{part.slug}", "", summary)
            for part, summary in parts
            if page
        ]


def page_item(page):
    """Return an item with the date of an event or a document, or else the day of publication."""
    if date := getattr(page, "date", None):
        when = for_people(date, getattr(page, "end_date", None))
    else:
        day = timezone.localdate(page.first_published_at)
        when = _("published %(date)s") % {"date": for_people(PreciseDate.from_date(day))}
    return Item(page.title, page.full_url, when, getattr(page, "summary", ""))


class NewsView(WagtailAdminTemplateMixin, TemplateView):
    """The news of the last days, or of those that somebody chose. It only shows what is public."""

    page_title = gettext_lazy("What is new")
    header_icon = "clipboard-list"
    template_name = "home/admin/news.html"

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        last_days = {
            "first": today - timedelta(days=DAYS),
            "last": today,
            "locale": Locale.get_default().pk,
        }
        form = SpanForm(last_days | self.request.GET.dict())
        texts = texts_of(News(**form.cleaned_data)) if form.is_valid() else {}
        return super().get_context_data(form=form, **texts, **kwargs)


def texts_of(news):
    """Return the news as HTML and as plain text, in their own language, by name."""
    with translation.override(news.locale.language_code):
        context = {"title": news.title, "sections": news.sections, "language": news.locale.language_code}
        return {
            name: render_to_string(f"home/admin/news_text.{extension}", context)
            for name, extension in (("rich", "html"), ("plain", "txt"))
        }


@hooks.register("register_admin_urls")
def news_urls():
    return [path("reports/news/", NewsView.as_view(), name="news")]


@hooks.register("register_reports_menu_item")
def news_menu_item():
    return MenuItem(NewsView.page_title, reverse("news"), icon_name=NewsView.header_icon, order=50)
