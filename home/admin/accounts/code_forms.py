"""Forms that ask for a code or the password. home/accounts/doors.py counts wrong answers."""

from django import forms
from django.contrib.auth import user_login_failed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.accounts import guesses, second_factor


class OwnForm(forms.Form):
    """A form about the account of the user who sends it."""

    def __init__(self, request, *args, **kwargs):
        self.request, self.user = request, request.user
        super().__init__(*args, **kwargs)


def code_field(help_text, **attributes):
    attributes |= {"autocomplete": "one-time-code", "inputmode": "numeric"}
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(label=gettext_lazy("Code"), help_text=help_text, max_length=40, widget=widget)


class CodeForm(OwnForm):
    code = code_field(
        gettext_lazy(
            "Six digits, from the app on your phone. Without your phone, type one of your recovery codes."
        ),
        autofocus=True,
    )

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not second_factor.is_accepted(self.user, code):
            # The log of accounts counts these.
            name = {"username": self.user.username}
            user_login_failed.send(sender=__name__, credentials=name, request=self.request)
            raise forms.ValidationError(
                _("Too many wrong codes were typed for this account. Type one of your recovery codes.")
                if guesses.needs_recovery_code(self.user)
                else _("This code is wrong, or was already used. Type the next code that the app shows.")
            )
        return code


class PasswordForm(OwnForm):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_password(self):
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("This is not your password. Please check it and type it again."))
        second_factor.forgive_tries(self.request)


class SetUpForm(PasswordForm):
    code = code_field(gettext_lazy("Six digits. The app shows other ones every 30 seconds."))

    def __init__(self, *args, key, **kwargs):
        super().__init__(*args, **kwargs)
        self.key = key
        # The error is below the fold of a phone.
        self.fields["code"].widget.attrs["autofocus"] = self.is_bound
        # Whoever finds a signed-in browser must not set up an app. While signing in, it was just typed.
        if not second_factor.has_passed(self.request, self.user):
            del self.fields["password"]

    def clean(self):
        if self.errors:
            return
        self.codes = second_factor.set_up(self.user, self.key, self.cleaned_data["code"])
        if self.codes is None:
            self.add_error(
                "code",
                _(
                    "This is not the code that the app should show now. Check that the phone sets its clock "
                    "automatically, and type the next code that the app shows."
                ),
            )
