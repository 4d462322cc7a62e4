import gc

from django.apps import AppConfig, apps
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, post_save, pre_migrate
from wagtail.users.apps import WagtailUsersAppConfig


class LeadwatchConfig(AppConfig):
    # Django takes this one among the classes of this module.
    default = True
    name = "leadwatch"

    def ready(self):
        # What is loaded by now stays, so the collector need not look through it again and again.
        gc.freeze()
        gc.enable()
        # They register hooks.
        import leadwatch.health.notices
        import leadwatch.starter_content.log  # noqa: F401
        from leadwatch.groups import bring_permissions
        from leadwatch.page_cache.commits import after_save, follow_commits
        from leadwatch.page_cache.versions import drop_triggers, install_triggers

        if settings.VERSION_DIR:
            connection_created.connect(follow_commits)
            post_save.connect(after_save)
        pre_migrate.connect(drop_triggers, sender=self)
        post_migrate.connect(install_triggers, sender=self)
        # After the last app, there are the permissions of all.
        last = [each for each in apps.get_app_configs() if each.models_module][-1]
        post_migrate.connect(bring_permissions, sender=last)


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's screens of users and groups, replaced as its documentation says."""

    user_viewset = "home.admin.accounts.people.PeopleViewSet"
    group_viewset = "home.admin.accounts.groups.LoggedGroupViewSet"
