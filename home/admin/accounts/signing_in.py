"""The pages between the password and the admin: give a code, or set up the app that shows codes."""

from base64 import b32encode

import segno
from django.conf import settings
from django.contrib.auth.views import LoginView, redirect_to_login
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import activate, ngettext
from django.utils.translation import gettext as _
from django_otp.util import random_hex
from wagtail.admin import messages

from home.accounts import second_factor
from home.admin.accounts.code_forms import CodeForm, SetUpForm
from home.models import AuthenticatorApp

# The key in the session for the stored key of an app that is being set up.
KEY = "second_factor_key"


class Step(LoginView):
    """A page for a person who has given her password. Then it leads where she was going."""

    next_page = "wagtailadmin_home"
    extra_context = {"is_signing_in": True}

    def dispatch(self, request, *args, **kwargs):
        user, here = request.user, request.resolver_match.url_name
        self.has_passed = user.is_authenticated and second_factor.has_passed(request, user)
        if user.is_anonymous or (self.has_passed and not user.has_perm("wagtailadmin.access_admin")):
            return redirect_to_login(request.get_full_path())
        if self.has_passed and here == "second_factor":
            return redirect(self.get_success_url())
        step = "second_factor" if user.second_factor_since else "set_up_second_factor"
        if not self.has_passed and here != step:
            return redirect(f"{reverse(step)}?{request.GET.urlencode()}")
        # Until the middleware for languages ends the request.
        activate(user.language)
        return super().dispatch(request, *args, **kwargs)


class EnterCode(Step):
    form_class = CodeForm
    template_name = "home/admin/accounts/enter_code.html"

    def form_valid(self, form):
        second_factor.let_in(self.request)
        if second_factor.is_recovery_code(form.cleaned_data["code"]):
            left = second_factor.codes_left(self.request.user)
            words = ngettext(
                "You used a recovery code; %(count)d is left. If you lost your phone, set up another app.",
                "You used a recovery code; %(count)d are left. If you lost your phone, set up another app.",
                left,
            )
            button = messages.button(reverse("set_up_second_factor"), _("Set up another app"))
            messages.warning(self.request, words % {"count": left}, buttons=[button])
        return redirect(self.get_success_url())


class SetUp(Step):
    form_class = SetUpForm
    template_name = "home/admin/accounts/set_up.html"

    @property
    def key(self):
        return self.request.session.setdefault(KEY, random_hex(20))

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"key": self.key}

    def get_context_data(self, **kwargs):
        user = self.request.user
        app = AuthenticatorApp(user=user, key=self.key)
        image = segno.make(app.config_url, error="m").svg_inline(light="#fff", omitsize=True)
        secret = b32encode(app.bin_key).decode()
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        context = {"app": app, "image": mark_safe(image), "groups": groups}
        return super().get_context_data(is_required=second_factor.is_required(user), **context, **kwargs)

    def form_valid(self, form):
        del self.request.session[KEY]
        second_factor.let_in(self.request, self.has_passed)
        messages.success(self.request, _("Codes for signing in are turned on."))
        return show_codes(self.request, form.codes, self.get_success_url())


def show_codes(request, codes, following):
    """Show recovery codes, which can't be shown again."""
    heading = _("%(site)s, %(username)s: recovery codes") % {
        "site": settings.WAGTAIL_SITE_NAME,
        "username": request.user.get_username(),
    }
    context = {"codes": codes, "text": "\n".join([heading, *codes]), "next": following}
    return TemplateResponse(request, "home/admin/accounts/codes.html", context)
