import sys
from datetime import timedelta

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from leadwatch.processes.background import late_processes

LAST_WORDS = (
    '<!DOCTYPE html><html lang="en"><title>Out of order</title><h1>Something went wrong here</h1>'
    '<p>Please try again in a minute.</p><p><a href="https://www.weather.gov/">Exit this page</a></p></html>'
)
RETRY_AFTER = 60  # Seconds until clients should try again.


@never_cache
def healthz(request):
    """Respond if the process is running."""
    return plain("ok")


@never_cache
def readyz(request, strict=False):
    """
    Report whether the site can be read: 503 with the reason if the database is unavailable or not migrated.

    A late background process does not affect readers. It is named, but the status is 200 unless `strict`.
    """
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return plain("the database is unavailable", status=503)
    if missing:
        return plain("migrations are missing", status=503)
    late = list(late_processes())
    return plain("\n".join(["ok", *late]), status=503 if strict and late else 200)


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
        "Preferred-Languages: en, es",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return plain("\n".join(lines) + "\n")


def server_error(request):
    """Return the error page: with status 503 if the database is unavailable for now, otherwise 500."""
    is_busy = isinstance(sys.exception(), InterfaceError | OperationalError)
    status = 503 if is_busy else 500
    try:
        response = render(None, "error.html", {"is_busy": is_busy}, status=status)
    except Exception:
        # The error page may need what has failed, such as the manifest of static files.
        response = HttpResponse(LAST_WORDS, status=status)
    if is_busy:
        response["Retry-After"] = RETRY_AFTER
    return response


def plain(text, status=200):
    """Return a plain text response that other sites may read."""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
    response.policy = "data"
    return response
