"""Wagtail's screens of users, for people who are invited, have one role, and leave."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.widgets.button import Button
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from home.accounts.invitations import is_invited, last_moment, send_link
from home.accounts.leaving import counts_of, in_words, leave, reason_to_keep
from home.accounts.roles import label_of, may_manage, role_of
from home.admin.accounts.confirm import ConfirmForPerson
from home.admin.accounts.forms import EditForm, InvitationForm, LeavingForm
from home.models import InboxKey

User = get_user_model()


def address_of(name, person):
    return reverse(f"wagtailusers_users:{name}", args=[person.pk])


def state_of(person):
    if not person.is_active:
        return _("Closed")
    return _("Invited, not yet signed in") if is_invited(person) else _("Active")


def link_label(person):
    return _("Send the invitation again") if is_invited(person) else _("Send a link to choose a new password")


class PeopleView(IndexView):
    """The list, with each person's role and state."""

    page_title = gettext_lazy("Users")
    add_item_label = gettext_lazy("Invite a person")

    @cached_property
    def columns(self):
        replaced = {
            "is_superuser": Column(
                "role", label=gettext_lazy("Role"), accessor=lambda person: label_of(role_of(person))
            ),
            "is_active": Column(
                "state", label=gettext_lazy("State"), accessor=state_of, sort_key="is_active"
            ),
        }
        return [replaced.get(column.name, column) for column in super().columns]

    def get_base_queryset(self):
        return super().get_base_queryset().prefetch_related("groups")


class InviteView(CreateView):
    page_title = gettext_lazy("Invite a person")
    page_subtitle = gettext_lazy("Invitation")
    submit_button_label = gettext_lazy("Send the invitation")
    submit_button_active_label = gettext_lazy("Sending…")
    success_message = None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def save_action(self):
        return show_link(self.request, self.object)


class AccountView(EditView):
    def dispatch(self, request, *args, **kwargs):
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "state": state_of(self.object),
            "link_label": link_label(self.object),
            "may_manage": may_manage(self.request.user, self.object),
        }


class LinkView(ConfirmForPerson):
    # A link would open no other account.
    people = User.objects.filter(is_active=True)
    template_name = "home/admin/accounts/send_link.html"
    icon = "mail"

    @property
    def title(self):
        return link_label(self.person)

    @property
    def button(self):
        return _("Send the link") if self.person.email else _("Make the link")

    def form_valid(self, form):
        return show_link(self.request, self.person)


def show_link(request, person):
    """Send a link, and show it this once, in case the mail does not arrive."""
    context = {
        "title": _("Link to choose a password"),
        "subtitle": get_user_display_name(person),
        "icon": "mail",
        "person": person,
        "link": send_link(person, request.user),
        "until": last_moment(),
    }
    return TemplateResponse(request, "home/admin/accounts/link.html", context)


class LeavingView(ConfirmForPerson):
    form_class = LeavingForm
    template_name = "home/admin/accounts/leaving.html"
    title = gettext_lazy("This person is leaving")
    icon = "logout"
    button = gettext_lazy("Close the account")
    is_serious = True

    @cached_property
    def things(self):
        return in_words(counts_of(self.person))

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"person": self.person, "is_heir_needed": self.things}

    def form_valid(self, form):
        heir, name = form.cleaned_data.get("heir"), get_user_display_name(self.person)
        may_know_passphrase = InboxKey.objects.exists() and get_forms_for_user(self.person).exists()
        leave(self.person, heir, self.request.user)
        words = _("The account of %(name)s is closed.") % {"name": name}
        if heir:
            taken_over = _("%(heir)s took over: %(things)s.")
            names = {"heir": get_user_display_name(heir), "things": ", ".join(self.things)}
            words += " " + taken_over % names
        messages.success(self.request, words)
        if may_know_passphrase:
            words = _("If %(name)s knows the passphrase of the inbox, replace its key.")
            button = messages.button(reverse("inbox_key"), _("Replace the key"))
            messages.warning(self.request, words % {"name": name}, buttons=[button])
        return redirect("wagtailusers_users:index")


class PeopleViewSet(UserViewSet):
    index_view_class = PeopleView
    add_view_class = InviteView
    edit_view_class = AccountView
    # A copy would have somebody's role without the question which one it should be.
    copy_view_enabled = False
    create_template_name = "wagtailadmin/generic/form.html"
    edit_template_name = "home/admin/accounts/edit.html"

    def get_form_class(self, for_update=False):
        return EditForm if for_update else InvitationForm

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("link/<int:pk>/", LinkView.as_view(), name="link"),
            path("leaving/<int:pk>/", LeavingView.as_view(), name="leaving"),
        ]


@hooks.register("register_user_listing_buttons")
def account_buttons(user, request_user):
    if may_manage(request_user, user):
        if user.is_active:
            yield Button(link_label(user), address_of("link", user), icon_name="mail", priority=12)
        yield Button(
            _("This person is leaving"), address_of("leaving", user), icon_name="logout", priority=14
        )


@hooks.register("before_delete_user")
def keep_what_people_own(request, user):
    if reason := reason_to_keep(user):
        messages.error(request, reason)
        return redirect(address_of("leaving", user))
    return None


@hooks.register("before_bulk_action")
def keep_what_several_people_own(request, action_type, objects, action):
    people = objects if action_type == "delete" and action.model is User else []
    if reasons := [*filter(None, map(reason_to_keep, people))]:
        messages.error(request, " ".join(reasons))
        return redirect("wagtailusers_users:index")
    return None


@hooks.register("insert_global_admin_css")
def style_of_every_page():
    return format_html('<link rel="stylesheet" href="{}">', static("site_admin/every_page.css"))
