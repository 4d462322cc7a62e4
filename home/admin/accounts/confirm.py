"""Screens with a question, and perhaps a form, before an account is changed."""

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.views.generic import FormView
from wagtail.admin.utils import get_user_display_name

from home.accounts.roles import may_manage

User = get_user_model()


class Confirm(FormView):
    """A question about the user's own account. Subclasses have a title, a question and a button."""

    form_class = forms.Form
    template_name = "home/admin/accounts/confirm.html"
    icon = "key"
    back = reverse_lazy("wagtailadmin_account")

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=self.title, icon=self.icon, **kwargs)


class ConfirmForPerson(Confirm):
    """A question about somebody else's account."""

    people = User.objects.all()

    def dispatch(self, request, pk):
        self.person = get_object_or_404(self.people, pk=pk)
        if not may_manage(request.user, self.person):
            raise PermissionDenied
        return super().dispatch(request)

    @property
    def back(self):
        return reverse("wagtailusers_users:edit", args=[self.person.pk])

    def get_context_data(self, **kwargs):
        name = get_user_display_name(self.person)
        return super().get_context_data(person=self.person, subtitle=name, **kwargs)
