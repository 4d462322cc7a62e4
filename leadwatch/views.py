import sys
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from home.files.errors import StoreAway
from leadwatch.health.problems import Reach, problems
from leadwatch.logs import request_id
from leadwatch.processes.last_words import LAST_WORDS

# The heading of the error page and what to do, by status. Others have those of 400 or 500.
ERRORS = {
    400: (
        _("This did not work"),
        _("This request is not valid. Nothing was changed. Please go back, reload the page and try again."),
    ),
    403: (_("You do not have access"), _("You need permission to open this. Nothing was changed.")),
    405: (
        _("There is nothing to read here"),
        _("This address only takes what a form of this site sends to it."),
    ),
    410: (_("This page is gone"), _("It was taken down and will not come back.")),
    413: (
        _("This is too large"),
        _("It is more than the site can take at once. Please go back, shorten it and try again."),
    ),
    429: (_("Too many tries"), _("Please wait a few minutes and try again.")),
    500: (
        _("Something went wrong here"),
        _("The fault is ours, not yours. Please try again in a minute."),
    ),
    503: (
        _("The site is temporarily unavailable"),
        _("It is under maintenance, or too many people are using it at once. Please try again in a minute."),
    ),
}
RETRY_AFTER = 60  # Seconds until clients should try again.


@never_cache
def healthz(request):
    """Respond if the process is running."""
    return plain("ok")


@never_cache
def readyz(request, reach=Reach.PAGES):
    """
    List what is wrong, and respond with 503 if it stops pages, or what `reach` names.

    Visitors are routed by this, so what they don't notice must not stop them.
    """
    found = list(problems())
    lines = [str(problem.words) for problem in found]
    if all(problem.reach > Reach.PAGES for problem in found):
        lines.insert(0, "ok")
    status = 503 if any(problem.reach <= reach for problem in found) else 200
    return plain("\n".join(lines), status=status)


def robots(request):
    """Allow robots everything except the admin."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {settings.BASE_URL}/sitemap.xml"]
    return plain("\n".join(lines) + "\n")


def security_txt(request):
    """Say where to report a vulnerability (RFC 9116)."""
    # Expire on the first day of a month, so that the file does not change within a month.
    expires = (timezone.now() + timedelta(days=300)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.BASE_URL}/contact/",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(dict(settings.LANGUAGES))}",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return plain("\n".join(lines) + "\n")


def bad_request(request, exception):
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request, exception):
    return error_page(request, 403)


def server_error(request):
    """Return the error page: with status 503 if the database or the bucket is unavailable, otherwise 500."""
    error = sys.exception()
    # SQLite calls a damaged file a DatabaseError. Subclasses such as ProgrammingError are errors in the code.
    is_away = isinstance(error, InterfaceError | OperationalError | StoreAway) or type(error) is DatabaseError
    if not is_away:
        return error_page(request, 500)
    response = error_page(request, 503)
    response["Retry-After"] = RETRY_AFTER
    return response


def error_page(request, status):
    """Return the page for an error, in the language of the URL. It needs no database."""
    title, advice = ERRORS.get(status) or ERRORS[500 if status >= 500 else 400]
    context = {"title": title, "advice": advice, "request_id": request_id() if status >= 500 else None}
    with override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        try:
            context["home"] = reverse("wagtail_serve", args=[""])
            return render(None, "error.html", context, status=status)
        except Exception:
            return HttpResponse(LAST_WORDS, status=status)


def plain(text, status=200):
    """Return a plain text response that other sites may read."""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
    response.policy = "data"
    return response
