"""The screens that links to choose a password lead to. They are open without signing in."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from wagtail.admin.views.account import PasswordResetConfirmView

from home.accounts.invitations import tokens


class NewPassword(PasswordResetConfirmView):
    """Wagtail's screen, which also accepts a link only once if it is sent twice at the same moment."""

    def get_user(self, uidb64):
        person = super().get_user(uidb64)
        if person and self.request.method == "POST":
            # Wait for the other request, and read the account again.
            person = get_user_model().objects.select_for_update().filter(pk=person.pk).first()
        return person


class Invitation(NewPassword):
    """Ask for a password, then sign the person in. The token is moved to the session, away from the URL."""

    token_generator = tokens
    template_name = "home/admin/accounts/invitation.html"
    success_url = reverse_lazy("wagtailadmin_home")
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    reset_url_token = "choose-password"

    def get_user(self, uidb64):
        person = super().get_user(uidb64)
        return person if person and person.is_active else None

    def form_valid(self, form):
        response = super().form_valid(form)
        words = _("Your password is saved. To sign in again later, use the name %(name)s.")
        messages.success(self.request, words % {"name": self.user.get_username()})
        return response
