"""The form in which people suggest a change of a page that they may not change."""

import json

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.telepath import JSContext
from wagtail.admin.ui.autosave import AutosaveIndicator
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.models import Page

from home.admin.suggestions.entry import takes_suggestions
from home.admin.suggestions.log import MADE, log_suggestion
from home.admin.suggestions.mails import tell_moderators
from home.forms.autosave import LEFT_OUT, PARAMETER
from home.models import Suggestion
from home.suggestions.parts import edit_handler, parts_of

State = Suggestion.State
LONGEST = Suggestion._meta.get_field("reason").max_length


class ReasonForm(forms.ModelForm):
    """Why the page should change, beside the form of the page."""

    class Meta:
        model = Suggestion
        fields = ["reason"]
        labels = {"reason": gettext_lazy("What is wrong, and how do you know?")}
        help_texts = {"reason": gettext_lazy("Only people who may change the page read it.")}
        widgets = {"reason": AdminAutoHeightTextInput}

    prefix = "suggestion"


class SuggestChange(WagtailAdminTemplateMixin, TemplateView):
    """
    The page's own form with what visitors see now. Sending it changes nothing but makes a Suggestion.

    Wagtail's autosave sends it, too. What it keeps is a Suggestion that only its author sees.
    """

    page_title = gettext_lazy("Suggest a change")
    header_icon = "edit"
    template_name = "home/admin/suggest.html"

    def dispatch(self, request, page_id):
        page = get_object_or_404(Page, pk=page_id)
        self.page = (page.alias_of or page).specific
        if self.page.permissions_for_user(request.user).can_edit():
            return redirect("wagtailadmin_pages:edit", self.page.pk)
        if not takes_suggestions(self.page, request):
            raise PermissionDenied
        return super().dispatch(request)

    @cached_property
    def signer(self):
        return Signer(salt=f"home.suggestion.{self.page.pk}")

    @cached_property
    def kept(self):
        return Suggestion.objects.draft_of(self.request.user, self.page)

    def get(self, request):
        page = self.page.with_content_json(self.kept.content) if self.kept else self.page
        self.form, self.reason = self.make_form(page), ReasonForm(instance=self.kept)
        return self.render_to_response(self.get_context_data())

    def post(self, request):
        if "discard" in request.POST:
            return self.discard()
        shown = self.page_as_shown()
        base = shown.serializable_data()
        self.form = self.make_form(shown, request.POST)
        self.reason = ReasonForm(request.POST, instance=self.kept)
        # As in drafts, a field may be empty. Publishing checks everything.
        self.form.defer_required_fields()
        if PARAMETER in request.POST:
            return self.keep(base)
        if self.reason.is_valid() & self.form.is_valid():
            content = self.form.save(commit=False).serializable_data()
            if self.changes(base, content):
                return self.send(base, content)
            self.reason.add_error(None, _("You have not changed anything yet. Change a field below."))
        self.form.restore_required_fields()
        messages.error(request, _("Your suggestion was not sent yet. Please correct what is marked below."))
        return self.render_to_response(self.get_context_data())

    def make_form(self, page, data=None):
        form_class = edit_handler(type(page)).get_form_class()
        return form_class(data, instance=page, parent_page=page.get_parent(), for_user=self.request.user)

    def page_as_shown(self):
        """Return the version of the page that was in the form, even if a newer one has been published."""
        if self.kept:
            return self.page.with_content_json(self.kept.base)
        try:
            number = self.signer.unsign(self.request.POST.get("shown", ""))
        except BadSignature:
            return self.page
        is_newest = number == str(self.page.live_revision_id)
        revision = None if is_newest else self.page.revisions.filter(pk=int(number)).first()
        return revision.as_object() if revision else self.page

    def changes(self, base, content):
        old, new = self.page.with_content_json(base), self.page.with_content_json(content)
        return parts_of(old, new, old, self.request)

    def keep(self, base):
        """Keep what is valid. It is in the form when its author opens that again."""
        if not self.form.is_valid():
            words = _("Some fields cannot be saved as they are.")
            return JsonResponse({"success": False, "error_code": "validation_error", "error_message": words})
        draft = self.kept or Suggestion(page=self.page, user=self.request.user, state=State.DRAFT, base=base)
        draft.content = self.form.save(commit=False).serializable_data()
        draft.reason = self.request.POST.get(self.reason.add_prefix("reason"), "")[:LONGEST]
        draft.save()
        left_out = {LEFT_OUT: json.dumps(self.form.left_out)}
        return JsonResponse({"success": True, "field_updates": left_out})

    def discard(self):
        if self.kept:
            self.kept.delete()
        messages.success(self.request, _("What you had typed is gone. This is the page as visitors see it."))
        return redirect("suggest_change", self.page.pk)

    def send(self, base, content):
        suggestion = self.reason.save(commit=False)
        suggestion.page, suggestion.user, suggestion.state = self.page, self.request.user, State.OPEN
        suggestion.base, suggestion.content, suggestion.made_at = base, content, timezone.now()
        suggestion.save()
        log_suggestion(MADE, suggestion, self.request.user)
        tell_moderators(suggestion)
        messages.success(self.request, _("Thank you. The moderators have your suggestion."))
        return redirect("suggestion", suggestion.pk)

    def get_page_subtitle(self):
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self):
        title = {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, title]

    def get_context_data(self, **kwargs):
        panel = edit_handler(type(self.page)).get_bound_panel(
            instance=self.form.instance, request=self.request, form=self.form
        )
        scripts = JSContext()
        interval = getattr(settings, "WAGTAIL_AUTOSAVE_INTERVAL", 500)
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "panel": panel,
            "form": self.form,
            "reason": self.reason,
            # The number of a revision; "0" for a page without any.
            "shown": self.request.POST.get("shown") or self.signer.sign(str(self.page.live_revision_id or 0)),
            "edit_handler_data": scripts.pack(panel),
            "media": MediaContainer([panel, self.form, scripts]).media + self.reason.media,
            "has_unsaved_changes": self.request.method == "POST",
            "kept": self.kept,
            "autosave_enabled": interval > 0,
            "autosave_interval": interval,
            "autosave_indicator": AutosaveIndicator(),
        }


@hooks.register("register_admin_urls")
def suggest_urls():
    return [path("pages/<int:page_id>/suggest/", SuggestChange.as_view(), name="suggest_change")]
