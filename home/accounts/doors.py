"""Throttle the views that ask for a password."""

from math import ceil

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.template.response import TemplateResponse
from django.utils.functional import lazy
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


# The fields of the account page, which is for other changes, too: for a new password, and a new address.
OLD_PASSWORDS = ("password-old_password", "name_email-current_password")
NEW_PASSWORD = "password-new_password1"


class ThrottleMiddleware:
    """Count tries at each door. After too many, show its form with status 429 instead of trying."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        method, request.wait, request.tried = request.method, 0, None
        response = self.get_response(request)
        request.method = method
        if request.wait and response.status_code == 200:
            response.status_code = 429
            response["Retry-After"] = str(request.wait)
        elif request.tried and has_succeeded(request.tried[0], response):
            throttle.forgive(request, *request.tried)
            if request.tried[0] == RESET_LINK:
                # Whoever forgot a password has tried several.
                throttle.forgive(request, SIGN_IN, username_of(request.tried[1]))
        return response

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.url_name
        if name == "wagtailadmin_account":
            return try_old_passwords(request)
        door, identity = DOORS.get(name, (None, None))
        # A link is tried by opening it.
        if not door or (request.method != "POST" and door != RESET_LINK):
            return None
        account = kwargs.get(identity) or request.POST.get(identity, "") if identity else request.user.pk
        request.wait = throttle.count_try(request, door, account)
        if not request.wait:
            request.tried = door, account
        elif door == RESET_LINK:
            context = {"sentence": sentence(request.wait)}
            return TemplateResponse(request, "home/too_many_tries.html", context)
        else:
            # Let the view show its form.
            request.method = "GET"
        return None

    def process_template_response(self, request, response):
        form = (response.context_data or {}).get("form")
        if request.wait and form:
            form.initial = form.initial | request.POST.dict()
            form.cleaned_data = {}
            form.add_error(None, sentence(request.wait))
        return response


def try_old_passwords(request):
    """
    Count a try. After too many, leave the passwords out, so that the rest of what was typed stays.

    Without a new password, Wagtail shows no error of the old one.
    """
    user, given = request.user, [name for name in OLD_PASSWORDS if request.POST.get(name)]
    for name in given:
        request.wait = throttle.count_try(request, SECOND_FACTOR, user.pk)
        if request.wait:
            request.POST = request.POST.copy()
            for each in given:
                request.POST[each] = ""
            if not request.POST.get(NEW_PASSWORD):
                messages.error(request, sentence(request.wait))
            return
        if user.is_authenticated and user.check_password(request.POST[name]):
            throttle.forgive(request, SECOND_FACTOR, user.pk)


def in_words(wait):
    """Return what to tell a person who has to wait, given the seconds."""
    minutes = ceil(wait / 60)
    return ngettext(
        "There were too many tries. Please try again in %(count)d minute.",
        "There were too many tries. Please try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


# In the language in which the page is rendered.
sentence = lazy(in_words, str)


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
