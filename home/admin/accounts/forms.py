"""Forms of accounts: a name, an address and one role, but no password."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.utils import get_user_display_name
from wagtail.users.forms import UserCreationForm, UserEditForm

from home.accounts.roles import ADMINISTRATORS, ROLES, groups_with, label_of, role_of

User = get_user_model()


def role_field(roles):
    """Return a field to choose one of some roles, with what each allows, in the language of the request."""

    def choices():
        return [(role, format_html("<span><b>{}.</b> {}</span>", *ROLES[role])) for role in roles]

    return forms.ChoiceField(label=gettext_lazy("Role"), choices=choices, widget=forms.RadioSelect)


def roles_to_give(user):
    """Return the roles that a user may give. Only administrators make others administrators."""
    groups = set(Group.objects.values_list("name", flat=True))
    return [role for role in ROLES if role in groups or (role == ADMINISTRATORS and user.is_superuser)]


class AccountForm:
    """A form with one role instead of Wagtail's list of groups. Nobody can change their own."""

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("is_superuser", None)
        if by == self.instance:
            del self.fields["groups"]
            return
        self.fields["role"] = role_field(roles_to_give(by))
        if self.instance.pk:
            self.fields["role"].initial = role_of(self.instance)
        groups = self.fields["groups"]
        groups.queryset = Group.objects.exclude(name__in=ROLES)
        groups.label, groups.help_text = _("Other groups"), ""
        if not groups.queryset.exists():
            del self.fields["groups"]

    def clean_email(self):
        email = self.cleaned_data["email"]
        others = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if "email" in self.changed_data and (other := others.first()):
            words = _("%(name)s already has an account with this address.")
            raise forms.ValidationError(words, params={"name": get_user_display_name(other)})
        return email

    def clean(self):
        cleaned = super().clean()
        if role := cleaned.get("role"):
            cleaned["groups"] = groups_with(role, cleaned.get("groups", ()))
            self.instance.is_superuser = role == ADMINISTRATORS
        return cleaned


class InvitationForm(AccountForm, UserCreationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("The link to choose a password is sent to this address.")
        self.fields["username"].required = False
        self.fields["username"].help_text = _(
            "For signing in. If you leave it empty, it is the part of the email address before the @."
        )

    def clean_username(self):
        """Return the name that was typed, or one from the email address that nobody has."""
        typed, email = self.cleaned_data["username"], self.cleaned_data.get("email")
        if typed or not email:
            return typed
        beginning = email.partition("@")[0][:100]
        name, number = beginning, 1
        while User.objects.filter(username__iexact=name).exists():
            number += 1
            name = f"{beginning}{number}"
        return name

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)

    class Meta(UserCreationForm.Meta):
        fields = ["first_name", "last_name", "email", "username", "groups"]


class EditForm(AccountForm, UserEditForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "is_active" in self.fields:
            self.fields["is_active"].help_text = _(
                "If not, nobody can sign in with this account. When somebody leaves for good, choose “This "
                "person is leaving” above."
            )

    class Meta(UserEditForm.Meta):
        fields = ["first_name", "last_name", "email", "username", "is_active", "groups"]


class HeirField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        role = label_of(role_of(person))
        return f"{get_user_display_name(person)} ({role})" if role else get_user_display_name(person)


class LeavingForm(forms.Form):
    heir = HeirField(
        label=gettext_lazy("Who takes over?"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a person"),
    )

    def __init__(self, *args, person, is_heir_needed, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).exclude(pk=person.pk)
        self.fields["heir"].queryset = people.prefetch_related("groups").order_by("first_name", "last_name")
        if not is_heir_needed:
            del self.fields["heir"]
