"""The messages that visitors sent by the contact form."""

from wagtail import hooks
from wagtail.permission_policies.pages import PagePermissionPolicy


@hooks.register("filter_form_submissions_for_user")
def messages_are_for_those_who_publish(user, queryset):
    """Messages may come from people at risk, so fewer people than can edit the page may read them."""
    return PagePermissionPolicy().instances_user_has_permission_for(user, "publish") & queryset
