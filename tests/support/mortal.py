"""
The site as in production, with a server that dies on request.

This module contains its settings, its gunicorn configuration, and the middleware that kills it.
"""

import os
import signal

from leadwatch.settings.production import *

# Don't require collectstatic for the admin.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE.insert(0, "tests.support.mortal.MortalMiddleware")
# Seconds for which a writer waits for another one in SQLite.
if "PATIENCE" in os.environ and ENVIRONMENT.database["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["timeout"] = int(os.environ["PATIENCE"])

# Workers are forked from a preloaded process, so that the next one starts immediately.
preload_app = True
workers = 1
timeout = 120


WRITES = ("INSERT", "UPDATE", "DELETE")


class MortalMiddleware:
    """
    Kills the process, as a power cut would, before the SQL statement whose number the request gives, or
    before the response if there are fewer statements.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        from django.db import connection

        deadline = int(request.headers.get("X-Die-Before", 0))
        statements = []

        def count_down(execute, sql, *args):
            statements.append(sql)
            if len(statements) == deadline:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, *args)

        with connection.execute_wrapper(count_down):
            response = self.get_response(request)
        if deadline:
            os.kill(os.getpid(), signal.SIGKILL)
        response["X-Writes"] = " ".join(
            str(n) for n, sql in enumerate(statements, 1) if sql.startswith(WRITES)
        )
        response["X-Process"] = str(os.getpid())
        return response


def when_ready(server):
    """Open each view that the tests use before gunicorn forks, so that new workers are warm."""
    from django.contrib.auth import get_user_model
    from django.db import connections
    from django.test import Client

    from timeline.models import EventPage

    client = Client(headers={"host": "127.0.0.1"})
    event = EventPage.objects.first()
    for path in (event.url, "/feed/", "/search/?q=version"):
        client.get(path)
    client.force_login(get_user_model().objects.first())
    client.get(f"/admin/pages/{event.pk}/edit/")
    connections.close_all()
