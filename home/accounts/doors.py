"""Throttle the views that ask for a password."""

from math import ceil

from django.contrib.auth import get_user_model
from django.template.response import TemplateResponse
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import ngettext

from home.accounts import throttle

SIGN_IN, RESET, RESET_LINK, SECOND_FACTOR = "sign-in", "reset", "reset link", "second factor"
# For the name of each view, what it opens, and the form field or URL argument that identifies the account, or
# None if it is the account of the user.
DOORS = {
    "wagtailadmin_login": (SIGN_IN, "username"),
    "wagtailcore_login": (SIGN_IN, "username"),
    "wagtailcore_authenticate_with_password": ("page", "page_view_restriction_id"),
    "wagtaildocs_authenticate_with_password": ("collection", "restriction_id"),
    "wagtailadmin_password_reset": (RESET, "email"),
    "wagtailadmin_password_reset_confirm": (RESET_LINK, "uidb64"),
    "invitation": (RESET_LINK, "uidb64"),
    "second_factor": (SECOND_FACTOR, None),
    "set_up_second_factor": (SECOND_FACTOR, None),
    "new_recovery_codes": (SECOND_FACTOR, None),
    "remove_second_factor": (SECOND_FACTOR, None),
}


class ThrottleMiddleware:
    """Count tries at each door. After too many, show its form with status 429 instead of trying."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        method = request.method
        response = self.get_response(request)
        request.method = method
        door, account = getattr(request, "tried", (None, None))
        if door and has_succeeded(door, response):
            throttle.forgive(request, door, account)
            if door == RESET_LINK:
                # Whoever forgot a password has tried several.
                throttle.forgive(request, SIGN_IN, username_of(account))
        return response

    def process_view(self, request, view, args, kwargs):
        door, identity = DOORS.get(request.resolver_match.url_name, (None, None))
        # A link is tried by opening it.
        if not door or (request.method != "POST" and door != RESET_LINK):
            return None
        account = kwargs.get(identity) or request.POST.get(identity, "") if identity else request.user.pk
        request.wait = throttle.count_try(request, door, account)
        if not request.wait:
            request.tried = (door, account)
        elif door == RESET_LINK:
            response = TemplateResponse(
                request, "home/too_many_tries.html", {"sentence": sentence(request.wait)}
            )
            return refused(response, request.wait)
        else:
            # Let the view show its form.
            request.method = "GET"
        return None

    def process_template_response(self, request, response):
        wait, form = getattr(request, "wait", 0), (response.context_data or {}).get("form")
        if not wait or not form:
            return response
        form.initial = form.initial | request.POST.dict()
        form.cleaned_data = {}
        form.add_error(None, sentence(wait))
        return refused(response, wait)


def refused(response, wait):
    response.status_code = 429
    response["Retry-After"] = str(wait)
    return response


def sentence(wait):
    """Return what to tell a person who has to wait, given the seconds."""
    minutes = ceil(wait / 60)
    return ngettext(
        "There were too many tries. Please try again in %(count)d minute.",
        "There were too many tries. Please try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def has_succeeded(door, response):
    # Each request for a reset counts, since it may send a mail. The views of the second factor forgive tries,
    # since they also redirect people who gave no right code.
    if door in (RESET, SECOND_FACTOR):
        return False
    context = getattr(response, "context_data", None) or {}
    return 300 <= response.status_code < 400 or context.get("validlink") is True


def username_of(uid):
    user = get_user_model().objects.filter(pk=urlsafe_base64_decode(uid).decode()).first()
    return user.username if user else ""
