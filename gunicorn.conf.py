"""How gunicorn serves the site. `gunicorn leadwatch.wsgi` reads this file by itself."""

import gc
import os
import signal
from pathlib import Path

from leadwatch.processes import launch
from leadwatch.processes.supervision import end_with_parent

# Also sets PORT and WEB_CONCURRENCY if production.env has them.
launch.choose_settings(default=launch.PRODUCTION)

bind = f"127.0.0.1:{os.environ.get('PORT', 8000)}"
worker_class = "leadwatch.processes.workers.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
# For visitors who read, and as many again for requests that may write.
threads = 8
# Connections of a worker, open files for each included. A process may have 1024 of these.
worker_connections = 400
# A connection kept for the next request stays with its worker, even if another one is idle.
keepalive = 0

# Seconds: for a worker whose loop does not answer, and for requests that run when the server is stopped. A
# request may wait 20 seconds for the database.
timeout = 30
graceful_timeout = 25

# An address with many filters has 2,000 characters. Browsers send some 20 fields; cookies are the longest.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# Workers share the memory of what is loaded, and a new one is there at once.
preload_app = True
# Workers touch files to show that they are alive. A full or slow disk must not stop that.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
control_socket_disable = True


def when_ready(server):
    """Load all views before the workers are made."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 (reading it imports them)
    # Loaded code is never garbage. Not looking through it lets workers share its memory and end sooner.
    gc.freeze()


def post_fork(server, worker):
    end_with_parent(worker.ppid, signal.SIGKILL)
