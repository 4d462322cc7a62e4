"""End sessions: some hours after sign-in, and sooner for people who may publish and do nothing."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils.deprecation import MiddlewareMixin
from wagtail.permissions import page_permission_policy

# Seconds from sign-in to the end, and from the last act to the end for people who may publish.
LONGEST = 12 * 3600
IDLE = 3600
# An act is written to the session if the one before was longer ago than this.
PRECISION = 60
# Names of views that pages open in the admin request by themselves, or while somebody moves between fields.
AUTOMATIC = {
    *("ping", "release", "preview_on_add", "preview_on_edit", "wagtailadmin_block_preview"),
    *("page_checks", "new_page_checks", "read_date", "used_sources", "like_events"),
    *("wagtailadmin_tag_autocomplete", "wagtailadmin_tag_model_autocomplete"),
}
SIGNED_IN, ACTED = "signed_in_at", "acted_at"


class SessionMiddleware(MiddlewareMixin):
    """End the session of a request if it is over. Otherwise, record the act."""

    def process_view(self, request, view, args, kwargs):
        # Visitors have no session, and no answer to them may depend on one.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
            return
        session, now = request.session, time.time()
        idle = now - session.setdefault(ACTED, now)
        is_over = now - session.setdefault(SIGNED_IN, now) >= LONGEST
        if is_over or (idle >= IDLE and may_publish(request.user)):
            logout(request)
        elif idle >= PRECISION and request.resolver_match.url_name not in AUTOMATIC:
            session[ACTED] = now


@receiver(user_logged_in)
def start(sender, request, **kwargs):
    request.session[SIGNED_IN] = request.session[ACTED] = time.time()


def may_publish(user):
    """Return whether a person may publish pages, or snippets of any kind."""
    return (
        user.is_superuser
        or page_permission_policy.user_has_permission(user, "publish")
        or any(".publish_" in permission for permission in user.get_all_permissions())
    )
