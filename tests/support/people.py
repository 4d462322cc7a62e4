"""Users with the permissions of a group."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission

from home.models import User
from leadwatch.groups import set_up_groups
from tests.support import factories


def member(group):
    """Create a user who belongs only to one group, such as "Editors"."""
    if not GroupPagePermission.objects.filter(group__name="Contributors").exists():
        set_up_groups(factories.make_home())
    user = User.objects.create_user(f"{group} {User.objects.count()}")
    user.groups.add(Group.objects.get(name=group))
    return user


def visitor_of_the_admin():
    """Create a user who may sign in to the admin, but nothing else."""
    user = User.objects.create_user("reader")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def publisher_of_figures():
    """Create a user whose group may publish snippets of one kind, but no pages."""
    user = User.objects.create_user("publisher")
    group = Group.objects.create(name="Publishers of figures")
    group.permissions.set(Permission.objects.filter(codename__in=["access_admin", "publish_figure"]))
    user.groups.add(group)
    return user


def account_form(user, old="", new=""):
    """Return the form of a user's own account as a browser would send it, perhaps with a new password."""
    return {
        "name_email-first_name": user.first_name,
        "name_email-last_name": user.last_name,
        "name_email-email": user.email,
        "notifications-approved_notifications": "on",
        "locale-preferred_language": "",
        "locale-current_time_zone": "",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        "password-old_password": old,
        "password-new_password1": new,
        "password-new_password2": new,
    }
