"""The second factor in the admin: a person's own, on her account page, and resetting somebody else's."""

from django import forms
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.account import BaseSettingsPanel

from home.accounts import second_factor
from home.admin.accounts.code_forms import PasswordForm
from home.admin.accounts.confirm import Confirm, ConfirmForPerson
from home.admin.accounts.signing_in import show_codes


class Panel(BaseSettingsPanel):
    """The panel of the account page."""

    name = "second_factor"
    title = _("Codes for signing in")
    # After the password.
    order = 600
    template_name = "home/admin/accounts/panel.html"

    def get_form(self):
        return forms.Form()

    def get_context_data(self):
        return {
            "is_required": second_factor.is_required(self.user),
            "left": second_factor.codes_left(self.user),
        }


class ConfirmOwn(Confirm):
    """A change of the user's own second factor, which takes her password."""

    form_class = PasswordForm

    def dispatch(self, request, *args, **kwargs):
        if not request.user.second_factor_since:
            return redirect(self.back)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}


class NewCodes(ConfirmOwn):
    title = _("New recovery codes")
    question = _("You get ten new recovery codes, and the old ones no longer work.")
    button = _("Make new codes")

    def form_valid(self, form):
        return show_codes(self.request, second_factor.make_codes(self.request.user), self.back)


class Remove(ConfirmOwn):
    title = _("Turn off codes for signing in")
    question = _("Your account will be open to anybody who knows your password.")
    button = _("Turn off")

    def dispatch(self, request, *args, **kwargs):
        if second_factor.is_required(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        second_factor.remove(self.request.user, second_factor.REMOVED, self.request.user)
        update_session_auth_hash(self.request, self.request.user)
        messages.success(self.request, _("Codes for signing in are turned off."))
        return redirect(self.back)


class Reset(ConfirmForPerson):
    """An administrator's help for somebody who lost both the app and the recovery codes."""

    title = _("Reset codes for signing in")
    question = _(
        "Be sure that it is this person who asks: meet or call them. Their app and their recovery codes will "
        "no longer work, they will be signed out, and an email will tell them. If the account needs codes, "
        "they set up the app again when they next sign in."
    )
    button = _("Reset")

    def dispatch(self, request, pk):
        if not request.user.is_superuser:
            raise PermissionDenied
        if pk == request.user.pk:
            messages.warning(request, _("Change your own codes for signing in here, with your password."))
            return redirect("wagtailadmin_account")
        return super().dispatch(request, pk)

    def form_valid(self, form):
        second_factor.remove(self.person, second_factor.RESET, self.request.user)
        words = _("The codes of %(name)s are reset.") % {"name": self.person.get_username()}
        messages.success(self.request, words)
        return redirect(self.back)


hooks.register("register_account_settings_panel", Panel)


@hooks.register("register_admin_urls")
def second_factor_urls():
    return [
        path("second-factor/codes/", NewCodes.as_view(), name="new_recovery_codes"),
        path("second-factor/remove/", Remove.as_view(), name="remove_second_factor"),
        path("second-factor/reset/<int:pk>/", Reset.as_view(), name="reset_second_factor"),
    ]
