"""The screen on which somebody begins a translation, and the ways to it."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django_tasks import task
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Locale, Page

from home.admin.screens import STYLES, breadcrumbs
from home.models import Snippet
from home.querysets import BasePageQuerySet
from home.translating import machine
from home.translating.beginning import begin
from home.translating.following import SHARED
from home.translating.originals import is_original, other_locales
from home.wagtail_internals import permission_policy


def form_of(model, pk):
    """Return the address of the form of a page or snippet."""
    is_page = issubclass(model, Page)
    name = "wagtailadmin_pages:edit" if is_page else model.snippet_viewset.get_url_name("edit")
    return reverse(name, args=[pk])


def beginning_of(original, locale):
    """Return the address at which a translation of a page or snippet is begun."""
    kind = "page" if isinstance(original, Page) else original._meta.model_name
    return reverse("begin_translation", args=[kind, original.pk, locale.language_code])


def snippet_models():
    return [model for model in apps.get_models() if issubclass(model, Snippet)]


def may_translate(thing, user):
    """Return whether a user may begin translations of a page or snippet, which visitors must see already."""
    if not (thing.live and is_original(thing)):
        return False
    if isinstance(thing, Page):
        return thing.permissions_for_user(user).can_edit()
    return permission_policy(type(thing)).user_has_permission_for_instance(user, "change", thing)


def language_name(locale):
    return get_language_info(locale.language_code)["name_translated"]


def untranslated_below(page, locale):
    """Return the public pages below a page that have no translation, each after the page above it."""
    pages = BasePageQuerySet(Page).descendant_of(page).live().originals().order_by("path")
    return pages.exclude(translation_key__in=Page.objects.filter(locale=locale).values("translation_key"))


@task
def begin_below(page, locale, user=None, by_machine=False):
    """Make drafts of the translations of all public pages below a page. Take their primary keys."""
    locale = Locale.objects.get(pk=locale)
    user = get_user_model().objects.filter(pk=user).first()
    for each in untranslated_below(Page.objects.get(pk=page), locale):
        translation = begin(each.specific, locale, user)
        if by_machine:
            machine.ask_for(translation, each.specific, user)


class Begin(WagtailAdminTemplateMixin, TemplateView):
    """A question before a draft is made, which can be asked for all pages below a page, too."""

    template_name = "home/admin/begin_translation.html"
    header_icon = "globe"

    def dispatch(self, request, kind, pk, code):
        models = {model._meta.model_name: model for model in (Page, *snippet_models())}
        model = models.get(kind)
        if model is None:
            raise Http404
        found = get_object_or_404(model, pk=pk)
        self.original = found.specific if kind == "page" else found
        self.locale = get_object_or_404(other_locales(), language_code=code)
        if not may_translate(self.original, request.user):
            raise PermissionDenied
        return super().dispatch(request)

    @cached_property
    def count(self):
        """The number of pages below that have no translation."""
        is_page = isinstance(self.original, Page)
        return untranslated_below(self.original, self.locale).count() if is_page else 0

    def post(self, request):
        below, by_machine = "below" in request.POST and self.count, "machine" in request.POST
        translation = begin(self.original, self.locale, request.user)
        if by_machine:
            machine.ask_for(translation, self.original, request.user)
        if below:
            begin_below.enqueue(self.original.pk, self.locale.pk, request.user.pk, by_machine)
            words = _("The drafts are being made. In a minute, all of them are in this list.")
            messages.success(request, words)
            return redirect("untranslated")
        if by_machine:
            messages.success(request, _("A machine translates the draft. Open it in a minute."))
            return redirect("untranslated")
        messages.success(request, _("This is the draft. Visitors see it when it is published."))
        return redirect(form_of(type(translation), translation.pk))

    @property
    def back(self):
        return form_of(type(self.original), self.original.pk)

    @property
    def page_title(self):
        return _("Translate into %(language)s") % {"language": language_name(self.locale)}

    def get_page_subtitle(self):
        return str(self.original)

    def get_breadcrumbs_items(self):
        return breadcrumbs((self.back, str(self.original)), ("", self.page_title))

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "media": STYLES,
            "original": self.original,
            "count": self.count,
            "has_machine": machine.may_be_sent(self.original),
            "language": language_name(self.locale),
            "back": self.back,
        }


@hooks.register("register_admin_urls")
def translating_urls():
    address = "translations/<slug:kind>/<int:pk>/<slug:code>/"
    return [path(address, Begin.as_view(), name="begin_translation")]


@hooks.register("register_page_header_buttons")
def buttons(page, user, next_url=None, **kwargs):
    """Yield the ways to the translations of a page. In lists, they would take queries for each page."""
    if not may_translate(page, user):
        return
    for locale in other_locales():
        words = {"language": language_name(locale)}
        if found := page.get_translation_or_none(locale):
            label, address = _("Translation into %(language)s") % words, form_of(Page, found.pk)
        else:
            label, address = _("Translate into %(language)s") % words, beginning_of(page, locale)
        yield Button(label, url=address, icon_name="globe", priority=45)


@hooks.register("register_log_actions")
def translation_log_actions(actions):
    for action, label in (
        (machine.TRANSLATED, gettext_lazy("Translated by a machine")),
        (machine.READ, gettext_lazy("Read the machine's translation")),
    ):
        actions.register_action(action, label, label)

    @actions.register_action(SHARED)
    class SharedEntry(LogFormatter):
        label = gettext_lazy("Follow original")
        message = gettext_lazy("Dates, sources and the like were changed on the original")
