"""Configuration of gunicorn. `gunicorn leadwatch.wsgi` reads this file automatically."""

import gc
import os
import signal
import sys
import threading
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from leadwatch.processes import launch
from leadwatch.processes.memory import keep_one_pool
from leadwatch.processes.supervision import end_with_parent

# This may set PORT and WEB_CONCURRENCY from production.env.
launch.choose_settings(default=launch.PRODUCTION)
try:
    settings.DATA_DIR  # noqa: B018 (reading it loads the settings)
except ImproperlyConfigured as error:
    sys.exit(str(error))

keep_one_pool()

bind = f"127.0.0.1:{os.environ.get('PORT', 8000)}"
worker_class = "leadwatch.processes.workers.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
# Threads for requests that only read. Requests that may write have the same number of their own.
threads = 8
# Stay below the usual limit of 1024 open files per process. A request may open more than its connection.
worker_connections = 400
# Keep-alive would tie a connection to one worker, even if another one is idle.
keepalive = 0

# Seconds before an unresponsive worker is killed, and for running requests to finish when the server stops.
# A request may wait 20 seconds for the database.
timeout = 30
graceful_timeout = 25

# A URL with many filters has about 2,000 characters. Browsers send about 20 headers; cookies are the longest.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
# By default, a visitor's header SCRIPT_NAME shifts the URL if the server in front passes it on, and a page is
# cached under the URL of another one.
forwarder_headers = ""

# Workers share the memory of loaded code, and new ones start at once.
preload_app = True
# Workers touch files here to show that they are alive. A full or slow disk must not get in the way.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
control_socket_disable = True


def when_ready(server):
    """Import all views before workers are forked."""
    from django.db import connections
    from django.urls import get_resolver

    from leadwatch.page_cache.versions import follow

    get_resolver().url_patterns  # noqa: B018 (reading it imports the views)
    # Settings and code may have changed.
    follow(is_new_server=True)
    connections.close_all()
    # Loaded code is never garbage. If the collector skips it, workers share its memory and exit sooner.
    gc.freeze()


def post_worker_init(worker):
    from leadwatch.page_cache.commits import watch

    threading.Thread(target=watch, daemon=True).start()


def post_fork(server, worker):
    end_with_parent(worker.ppid, signal.SIGKILL)
