"""The door between the password and the second factor."""

from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from home.accounts.second_factor import has_passed

# Names of the views that ask for the password, and of those that are open without the second factor.
LOGINS = {"wagtailadmin_login", "wagtailcore_login"}
OPEN = {"second_factor", "set_up_second_factor", "wagtailadmin_logout"}


class SecondFactorMiddleware:
    """
    Treat a person as anonymous until she has passed her second factor.

    Views ask `request.user` who the visitor is, so this closes the admin, previews, files and private pages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        by_password = request.user
        request.user_by_password = by_password
        request.user = SimpleLazyObject(lambda: by_both(request, by_password))
        request.auser = sync_to_async(lambda: by_both(request, by_password))
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == 302:
            match = request.resolver_match
            # The user is another one than at the beginning of the request.
            if match and match.url_name in LOGINS and is_waiting(request, get_user(request)):
                return ask_for_code(response.url)
        return response

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.url_name
        if name in OPEN:
            request.user = request.user_by_password
        elif name in LOGINS and request.method == "GET" and is_waiting(request, request.user_by_password):
            return ask_for_code(request.GET.get("next", ""))
        return None


def by_both(request, user):
    return AnonymousUser() if is_waiting(request, user) else user


def is_waiting(request, user):
    """Return whether a user has given the password, but not yet the code that is needed."""
    return user.is_authenticated and not has_passed(request, user)


def ask_for_code(following):
    return redirect(f"{reverse('second_factor')}?{urlencode({'next': following})}")
