"""Users with the permissions of a group."""

from django.contrib.auth.models import Group, Permission

from home.models import User
from leadwatch.groups import set_up_groups
from tests.support import factories


def member(group):
    """Create a user who belongs only to one group, such as "Editors"."""
    set_up_groups(factories.make_home())
    user = User.objects.create_user(f"{group} {User.objects.count()}")
    user.groups.add(Group.objects.get(name=group))
    return user


def visitor_of_the_admin():
    """Create a user who may sign in to the admin, but nothing else."""
    user = User.objects.create_user("reader")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user
