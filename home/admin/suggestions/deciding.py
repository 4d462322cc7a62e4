"""One suggested change: for its author, and for those who accept or decline it."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from home.admin.suggestions.log import DECLINED, TAKEN, WITHDRAWN, log_suggestion
from home.admin.suggestions.mails import tell_author
from home.models import Suggestion
from home.privacy import may_read
from home.suggestions.parts import parts_of

State = Suggestion.State


class SuggestionView(WagtailAdminTemplateMixin, TemplateView):
    """
    The fields that a suggestion changes. POST takes the checked ones into a draft, declines or withdraws.

    It never publishes: the draft goes the way of every other.
    """

    page_title = gettext_lazy("Suggested change")
    header_icon = "edit"
    template_name = "home/admin/suggestion.html"
    http_method_names = ["get", "post"]
    error = ""

    def dispatch(self, request, pk):
        found = Suggestion.objects.select_related("page", "user", "decided_by")
        self.suggestion = get_object_or_404(found, pk=pk)
        self.page = self.suggestion.page.specific
        is_draft = self.suggestion.state == State.DRAFT
        self.may_decide = not is_draft and self.page.permissions_for_user(request.user).can_edit()
        self.is_author = self.suggestion.user == request.user
        if not (self.may_decide or self.is_author):
            raise PermissionDenied
        if is_draft:
            return redirect("suggest_change", self.page.pk)
        return super().dispatch(request)

    def get(self, request):
        if self.is_author and not self.suggestion.is_open:
            Suggestion.objects.filter(pk=self.suggestion.pk).update(is_seen=True)
        return self.render_to_response(self.get_context_data())

    def post(self, request):
        action = request.POST.get("action")
        if action == "withdraw" and self.is_author:
            return self.withdraw()
        if not self.may_decide:
            raise PermissionDenied
        if action == "take":
            return self.take()
        return self.decline()

    @cached_property
    def draft(self):
        return self.page.get_latest_revision_as_object()

    @property
    def draft_version(self):
        """A text that changes whenever somebody saves the page. Autosaving keeps a revision's number."""
        revision = self.page.latest_revision
        return f"{revision.pk} {revision.created_at.isoformat()}" if revision else ""

    @cached_property
    def parts(self):
        old, theirs = map(self.page.with_content_json, (self.suggestion.base, self.suggestion.content))
        # Authors may not read the draft of a page that they may not change.
        return parts_of(old, theirs, self.draft if self.may_decide else old, self.request)

    @property
    def is_locked(self):
        lock = self.page.get_lock()
        return bool(lock and lock.for_user(self.request.user))

    def withdraw(self):
        if self.decide(State.WITHDRAWN, is_seen=True):
            log_suggestion(WITHDRAWN, self.suggestion, self.request.user)
            messages.success(self.request, _("You have withdrawn your suggestion."))
        return redirect("suggestions")

    def decline(self):
        answer = self.request.POST.get("answer", "").strip()
        if not answer:
            return self.show_error(_("Please say in a sentence why you decline it."))
        if self.decide(State.DECLINED, answer=answer):
            log_suggestion(DECLINED, self.suggestion, self.request.user)
            tell_author(self.suggestion)
            messages.success(
                self.request, _("You have declined the suggestion. Its author gets your answer.")
            )
        return redirect("suggestions")

    def take(self):
        chosen = self.request.POST.getlist("part")
        parts = [part for part in self.parts if part.name in chosen and not part.is_done]
        if self.request.POST.get("draft") != self.draft_version:
            return self.show_error(_("Somebody has just changed the page. Please look at it again."))
        if self.is_locked:
            return self.show_error(_("The page is locked. Once it is unlocked, you can accept this."))
        if not parts:
            return self.show_error(_("Please check at least one field to accept."))
        fields = {
            "taken": [part.name for part in parts],
            "answer": self.request.POST.get("answer", "").strip(),
        }
        if not self.decide(State.TAKEN, **fields):
            return redirect("suggestions")
        content = self.draft.serializable_data() | {part.name: part.merged for part in parts}
        draft = self.page.with_content_json(content)
        revision = draft.save_revision(user=self.request.user, clean=False)
        log_suggestion(TAKEN, self.suggestion, self.request.user, revision=revision, content_changed=True)
        tell_author(self.suggestion)
        words = _("The suggestion is in this draft now. Change what you like, then publish or submit it.")
        messages.success(self.request, words)
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def decide(self, state, **fields):
        is_first = self.suggestion.decide(state, self.request.user, **fields)
        if not is_first:
            messages.warning(self.request, _("This suggestion has been answered already."))
        self.suggestion.refresh_from_db()
        return is_first

    def show_error(self, words):
        self.error = words
        return self.render_to_response(self.get_context_data())

    def get_page_subtitle(self):
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self):
        above = {"url": reverse("suggestions"), "label": _("Suggested changes")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_subtitle()}]

    def get_context_data(self, **kwargs):
        may_see_page = self.may_decide or may_read(self.page, self.request)
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "suggestion": self.suggestion,
            "parts": self.parts if may_see_page else [],
            "may_decide": self.may_decide and self.suggestion.is_open,
            "may_withdraw": self.is_author and self.suggestion.is_open,
            "draft_version": self.draft_version,
            "error": self.error,
            "answer": self.request.POST.get("answer", ""),
            # Conflicts are for the moderator to choose, so they aren't checked beforehand.
            "checked": self.request.POST.getlist("part")
            if self.request.method == "POST"
            else [part.name for part in self.parts if not part.is_conflict],
        }


@hooks.register("register_admin_urls")
def suggestion_urls():
    return [path("suggestions/<int:pk>/", SuggestionView.as_view(), name="suggestion")]
