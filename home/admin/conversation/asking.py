"""Screens to ask somebody to look after something, and to say that it is done."""

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views import View
from django.views.generic import CreateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter, log
from wagtail.models import Page
from wagtail.snippets.views.snippets import EditView

from home.accounts.mails import send
from home.admin.messages.access import ReaderMixin, log_access
from home.admin.screens import STYLES, breadcrumbs
from home.models import Assignment
from home.wagtail_internals import permission_policy

ASK, TAKE, DONE = "home.ask", "home.ask.take", "home.ask.done"


class NameField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return get_user_display_name(person)


class AskForm(forms.ModelForm):
    """The person, the day, and a sentence. For a message, notes say what to do: they can be sealed."""

    class Meta:
        model = Assignment
        fields = ["person", "due", "words"]
        field_classes = {"person": NameField}
        widgets = {"due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = self.instance.people().order_by(
            "first_name", "last_name", "username"
        )
        self.fields["person"].empty_label = _("Anybody")
        if self.instance.message:
            del self.fields["words"]

    def clean_due(self):
        due = self.cleaned_data["due"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        return due


class Ask(WagtailAdminTemplateMixin, CreateView):
    """The form to ask somebody, below what is open already."""

    form_class = AskForm
    page_title = gettext_lazy("Ask somebody")
    header_icon = "user"
    template_name = "home/admin/ask.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.assignment}

    def get_breadcrumbs_items(self):
        return breadcrumbs((self.assignment.url, str(self.assignment)), ("", self.page_title))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"assignments": self.assignment.thing.assignments.open(), "media": STYLES}

    @transaction.atomic
    def form_valid(self, form):
        assignment = form.save()
        write(ASK, assignment, self.request.user)
        if assignment.person and assignment.person != self.request.user:
            tell(assignment)
        name = get_user_display_name(assignment.person) if assignment.person else _("Anybody")
        messages.success(self.request, _("%(name)s is asked.") % {"name": name})
        return redirect(assignment.url)


class AskAboutPage(Ask):
    def dispatch(self, request, pk):
        page = get_object_or_404(Page, pk=pk)
        if not page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        self.assignment = Assignment(page=page, made_by=request.user)
        return super().dispatch(request, pk)


class AskAboutSnippet(Ask):
    """The form for a figure or a term, by the name of the assignment's field."""

    kind = ""

    def dispatch(self, request, pk):
        model = Assignment._meta.get_field(self.kind).related_model
        snippet = get_object_or_404(model, pk=pk)
        if not permission_policy(model).user_has_permission_for_instance(request.user, "change", snippet):
            raise PermissionDenied
        self.assignment = Assignment(**{self.kind: snippet}, made_by=request.user)
        return super().dispatch(request, pk)


class AskAboutMessage(ReaderMixin, Ask):
    def get_form_kwargs(self):
        message = get_object_or_404(self.readable, pk=self.kwargs["pk"])
        self.assignment = Assignment(message=message, made_by=self.request.user)
        return super().get_form_kwargs()


class Settle(View):
    """Take an assignment that is nobody's, or finish one."""

    http_method_names = ["post"]

    @transaction.atomic
    def post(self, request, pk):
        found = Assignment.objects.open().seen_by(request.user)
        assignment = get_object_or_404(found, pk=pk)
        if "take" in request.POST:
            assignment.person = request.user
            words = _("You have taken it on.")
        else:
            assignment.done_at = timezone.now()
            words = _("Done.")
        assignment.save()
        write(TAKE if "take" in request.POST else DONE, assignment, request.user)
        messages.success(request, f"{assignment}: {words}")
        return redirect("wagtailadmin_home")


def write(action, assignment, user):
    """Write into the history of what it is about who was asked."""
    data = {"name": get_user_display_name(assignment.person) if assignment.person else ""}
    if assignment.message:
        log_access(action, [assignment.message], data=data)
    else:
        log(assignment.thing, action, user=user, data=data)


def tell(assignment):
    """Mail the person who was asked, without saying about what."""
    with override(assignment.person.language):
        words = _("%(name)s asks you to look after something.")
        subject = words % {"name": get_user_display_name(assignment.made_by)}
        where = _("You find it here:") + f" {settings.WAGTAILADMIN_BASE_URL}{assignment.url}"
        send(assignment.person, subject, subject, where)


class AskFormatter(LogFormatter):
    label = gettext_lazy("Ask somebody")

    def format_message(self, entry):
        name = (entry.data or {}).get("name")
        return _("Asked %(name)s to look after it") % {"name": name} if name else _("Asked anybody")


@hooks.register("register_log_actions")
def asking_log_actions(actions):
    actions.register_action(ASK)(AskFormatter)
    actions.register_action(TAKE, gettext_lazy("Take on"), gettext_lazy("Took it on"))
    actions.register_action(DONE, gettext_lazy("Done"), gettext_lazy("Did what was asked"))


def address_of_form(thing):
    """Return the URL at which somebody is asked about a page, figure or term."""
    kind = "page" if isinstance(thing, Page) else thing.assignments.field.name
    return reverse(f"ask_about_{kind}", args=[thing.pk])


@hooks.register("before_edit_page")
@hooks.register("before_edit_snippet")
def show_assignments(request, thing):
    # Nobody is asked about a category.
    if request.method == "GET" and hasattr(thing, "assignments"):
        for assignment in thing.assignments.open().select_related("person", "made_by"):
            context = {"assignment": assignment}
            # Buttons of Wagtail's messages are links, but this one does something.
            words = render_to_string("home/admin/assignment_message.html", context, request)
            messages.info(request, words)


@hooks.register("register_page_header_buttons")
def ask_button(page, user, view_name, next_url=None):
    if page.permissions_for_user(user).can_edit():
        yield button_for(page)


def button_for(thing):
    return Button(_("Ask somebody"), address_of_form(thing), icon_name="user", priority=12)


class AskingEditView(EditView):
    """The form of a figure or term, with "Ask somebody" in its menu. Wagtail has no hook for that menu."""

    @property
    def header_more_buttons(self):
        return [*super().header_more_buttons, button_for(self.object)]


# Before the URL that leads all others below messages/ elsewhere.
@hooks.register("register_admin_urls", order=-1)
def asking_urls():
    return [
        path("pages/<int:pk>/ask/", AskAboutPage.as_view(), name="ask_about_page"),
        path("figures/<int:pk>/ask/", AskAboutSnippet.as_view(kind="figure"), name="ask_about_figure"),
        path("terms/<int:pk>/ask/", AskAboutSnippet.as_view(kind="term"), name="ask_about_term"),
        path("messages/<int:pk>/ask/", AskAboutMessage.as_view(), name="ask_about_message"),
        path("assignments/<int:pk>/", Settle.as_view(), name="settle_assignment"),
    ]
