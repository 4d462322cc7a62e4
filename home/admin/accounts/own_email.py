"""A person's own name and email address on the account page. A new address takes the password."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.views.account import NameEmailSettingsPanel

from home.models import User


class OwnForm(NameEmailForm):
    # Whoever finds a signed-in browser could otherwise have a new password sent to an address of their own.
    current_password = forms.CharField(
        label=gettext_lazy("Your password"),
        help_text=gettext_lazy("Only needed if you change the email address."),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean(self):
        cleaned = super().clean()
        password = cleaned.get("current_password", "")
        # Wagtail validates the form again to show it, and then the instance has the new address.
        stored = User.objects.values_list("email", flat=True).get(pk=self.instance.pk)
        if cleaned.get("email", stored) != stored and not self.instance.check_password(password):
            self.add_error("current_password", _("Type your password to change the email address."))
        return cleaned


NameEmailSettingsPanel.form_class = OwnForm
