"""Wagtail's actions for several users, replaced so that each account has one role and changes are logged."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, SetActiveStateBulkAction

from home.accounts.roles import ADMINISTRATORS, ROLES, give_role, label_of, may_manage
from home.admin.accounts.forms import role_field


class RoleForm(forms.Form):
    # Administrators are made one at a time.
    role = role_field([role for role in ROLES if role != ADMINISTRATORS])


# After Wagtail's own, which these replace.
@hooks.register("register_bulk_action", order=1)
class GiveRole(AssignRoleBulkAction):
    display_name = _("Change the role")
    aria_label = _("Change the role of the selected users")
    form_class = RoleForm

    def check_perm(self, person):
        return may_manage(self.request.user, person)

    @classmethod
    def execute_action(cls, objects, role=None, **kwargs):
        for person in objects:
            give_role(person, role)
        return len(objects), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return _("%(count)s people have this role now: %(role)s.") % {
            "count": num_parent_objects,
            "role": label_of(self.cleaned_form.cleaned_data["role"]),
        }


@hooks.register("register_bulk_action", order=1)
class SetActive(SetActiveStateBulkAction):
    def check_perm(self, person):
        return may_manage(self.request.user, person)

    @classmethod
    def execute_action(cls, objects, mark_as_active=False, **kwargs):
        for person in objects:
            person.is_active = mark_as_active
            person.save(update_fields=["is_active"])
        return len(objects), 0
