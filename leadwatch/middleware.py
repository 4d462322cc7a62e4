from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from leadwatch.policies import PERMISSIONS, POLICIES, REVALIDATE
from leadwatch.views import error_page

# Names of the admin's views that are open before one has signed in.
ADMIN_WITHOUT_LOGIN = {
    "wagtailadmin_login",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
    "invitation",
    "second_factor",
    "set_up_second_factor",
}
# Names of the views that accept a password or a login for private pages.
GATES = {
    "wagtailcore_authenticate_with_password",
    "wagtailcore_login",
    "wagtaildocs_authenticate_with_password",
}

# Browsers read a Permissions-Policy with documents only. With each script, it would be 400 bytes more.
WITHOUT_FEATURES = ("text/css", "text/javascript")


class PathLocaleMiddleware:
    """Set the language from the URL alone. Django's own middleware also sends `Vary: Accept-Language`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response


class ErrorPageMiddleware(MiddlewareMixin):
    """Give errors without text, such as Django's 405, a page that a person can read and exit."""

    def process_response(self, request, response):
        is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if response.status_code >= 400 and is_page and not response.content:
            response.content = error_page(request, response.status_code).content
        return response


class PolicyMiddleware(CSPMiddleware):
    """Set the headers of leadwatch/policies.py, except those that a view has set."""

    def process_response(self, request, response):
        for name, value in policy_of(request, response).headers.items():
            response.headers.setdefault(name, value)
        if not response.get("Content-Type", "").startswith(WITHOUT_FEATURES):
            response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        # Without this header, browsers and CDNs guess how long they may keep a page: for days, if it is old.
        is_personal = settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies
        response.headers.setdefault("Cache-Control", "private, no-store" if is_personal else REVALIDATE)
        return super().process_response(request, response)

    def get_policy_parts(self, request, response, report_only=False):
        if report_only:
            return PolicyParts(None)
        content = policy_of(request, response).content
        if ancestors := getattr(response, "frame_ancestors", None):
            content = content | {"frame-ancestors": ancestors}
        return PolicyParts(content)


def policy_of(request, response):
    """Return the policy that the response names, or else the policy of its route."""
    if getattr(request, "is_preview", False):
        return POLICIES["preview"]
    return POLICIES[getattr(response, "policy", None) or _policy_of_route(request)]


def _policy_of_route(request):
    if not request.path_info.startswith(reverse("wagtailadmin_home")):
        match = request.resolver_match
        return "login" if match and match.url_name in GATES else "page"
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return "page"
    if match.view_name == "wagtailimages:preview":
        return "file"
    return "login" if match.url_name in ADMIN_WITHOUT_LOGIN else "admin"
