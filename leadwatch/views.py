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
RETRY_AFTER = 60  # Seconds until it is worth asking again.


@never_cache
def healthz(request):
    """Whether the process answers at all."""
    return plain("ok")


@never_cache
def readyz(request, strict=False):
    """
    Whether the site can be read: 503 with the reason while the database does not answer or lacks a migration.

    A background process that is late does no harm to readers. It is named, under status 200 unless `strict`.
    """
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return plain("the database does not answer", status=503)
    if missing:
        return plain("migrations are missing", status=503)
    late = list(late_processes())
    return plain("\n".join(["ok", *late]), status=503 if strict and late else 200)


def robots(request):
    """Everybody may read everything but the admin."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {settings.BASE_URL}/sitemap.xml"]
    return plain("\n".join(lines) + "\n")


def security_txt(request):
    """Where to report a weakness of the site, as RFC 9116 has it."""
    # The first day of a month, so that the file is the same bytes all month.
    expires = (timezone.now() + timedelta(days=300)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.BASE_URL}/contact/",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, es",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return plain("\n".join(lines) + "\n")


def server_error(request):
    """The page after an error of ours: 503 where the database does not answer for now, else 500."""
    is_busy = isinstance(sys.exception(), InterfaceError | OperationalError)
    status = 503 if is_busy else 500
    try:
        response = render(None, "500.html", {"is_busy": is_busy}, status=status)
    except Exception:
        # What failed may be what the page itself needs, such as the list of static files.
        response = HttpResponse(LAST_WORDS, status=status)
    if is_busy:
        response["Retry-After"] = RETRY_AFTER
    return response


def plain(text, status=200):
    """A plain text answer that pages of other sites may read."""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
    response.policy = "data"
    return response
