"""
Permissions for figures and terms of people who may add them, but not change those of others.

As with pages, they change their own drafts. Wagtail's screens of snippets don't ask whose a draft is.
"""

from functools import wraps

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Coalesce
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.models import Revision
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from home.translating.machine import is_unread
from home.wagtail_internals import set_snippet_policy


class OwnDraftsPolicy(ModelPermissionPolicy):
    """A policy that lets people who may add also change drafts that they worked on, until publication."""

    def user_has_permission(self, user, action):
        may = super().user_has_permission
        return may(user, action) or (action == "change" and may(user, "add"))

    def may_change_all(self, user):
        return super().user_has_permission(user, "change")

    def user_has_permission_for_instance(self, user, action, instance):
        if action == "change":
            return self.instances_user_has_permission_for(user, action).filter(pk=instance.pk).exists()
        return super().user_has_permission_for_instance(user, action, instance)

    def instances_user_has_any_permission_for(self, user, actions):
        if self.may_change_all(user) or "change" not in actions or not self.user_has_permission(user, "add"):
            return super().instances_user_has_any_permission_for(user, actions)
        hers = Revision.objects.filter(
            base_content_type=ContentType.objects.get_for_model(self.model),
            object_id=Cast(OuterRef("pk"), CharField()),
            pk__gt=Coalesce(OuterRef("live_revision_id"), Value(0)),
            user=user,
        )
        return self.model._default_manager.filter(Exists(hers), has_unpublished_changes=True)


class OwnDraftsViewSet(SnippetViewSet):
    """Screens that list and open for such people only their own drafts."""

    # The search backend filters by fields only, not by who worked on something.
    search_backend_name = None

    @cached_property
    def permission_policy(self):
        return OwnDraftsPolicy(self.model)

    def on_register(self):
        set_snippet_policy(self.model, self.permission_policy)
        super().on_register()

    @property
    def url_finder_class(self):
        # That of snippets doesn't know whose a draft is.
        rules = {"permission_policy": self.permission_policy, "edit_url_name": self.get_url_name("edit")}
        return type("OwnDraftsURLFinder", (ModelAdminURLFinder,), rules)

    def get_queryset(self, request):
        return self.permission_policy.instances_user_has_permission_for(request.user, "change")

    def construct_view(self, view_class, **kwargs):
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def guarded(request, *args, **kwargs):
            if pk := kwargs.get("pk"):
                thing = get_object_or_404(self.model, pk=pk)
                actions = ["change", "publish", "delete"]
                if not self.permission_policy.user_has_any_permission_for_instance(
                    request.user, actions, thing
                ):
                    raise PermissionDenied
                # As of pages: a copy has no mark.
                if view_class is self.copy_view_class and is_unread(thing):
                    messages.error(request, _("A machine's translation is copied when somebody has read it."))
                    return redirect(self.get_url_name("edit"), pk)
            return view(request, *args, **kwargs)

        return guarded
