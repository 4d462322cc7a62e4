"""
Answer requests of one site within a process, and tell how much CPU they took.

A benchmark starts one such process for each side, and asks them alternately.
"""

import gc
import json
import logging
import subprocess
import sys
import time
from importlib import import_module
from io import BytesIO

from tests.support.served import ROOT

# The path of no page.
MISSING = "/nothing-here/"


class Process:
    """A process of Python that prints a line of JSON, then an answer to each line that it reads."""

    def __init__(self, code, environment):
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.first = json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()

    def tell(self, words):
        print(json.dumps(words), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


class Side(Process):
    """A process that runs `serve` in a module; the module's `paths()` names the pages."""

    def __init__(self, module, environment):
        super().__init__(f"from tests.bench.one_process import serve; serve({module!r})", environment)
        self.paths = self.first

    def ask(self, name, count):
        """Return the CPU milliseconds of one of `count` requests for a page."""
        return self.tell({"path": self.paths[name], "count": count})["cpu"]

    def unit(self, count):
        """Return the CPU milliseconds of a constant view without middleware."""
        return self.tell({"path": None, "count": count})["cpu"]

    def queries(self, name):
        """Return the number of queries of a request after the first."""
        self.ask(name, 2)
        return self.tell({"path": self.paths[name], "count": 1, "are_queries_counted": True})["queries"]


def serve(module):
    """Print the paths of a module's pages, then answer each line of the standard input until it ends."""
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections
    from django.test import override_settings

    # Opening a connection costs the more, the more tables and triggers there are. It is not what is measured.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)

    class ConstantRequest(WSGIRequest):
        urlconf = "tests.bench.constant"

    paths = import_module(module).paths()
    handler = WSGIHandler()
    with override_settings(MIDDLEWARE=[]):
        constant = WSGIHandler()
    constant.request_class = ConstantRequest
    # As gunicorn.conf.py does with loaded code.
    gc.freeze()
    print(json.dumps(paths), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(handler, constant, **json.loads(line))), flush=True)


def answer(handler, constant, path, count, are_queries_counted=False):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if are_queries_counted:
        with CaptureQueriesContext(connection) as captured:
            get(handler, path)
        return {"queries": len(captured)}
    begun = time.process_time()
    for _ in range(count):
        get(handler, path) if path else get(constant, "/")
    return {"cpu": (time.process_time() - begun) / count * 1000}


def get(handler, path):
    """Answer one request as the server's worker does."""
    path, _question, query = path.partition("?")
    statuses = []
    environment = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT": "text/html",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    response = handler(environment, lambda status, headers: statuses.append(status))
    content = b"".join(response)
    response.close()
    assert content, path
    assert statuses[0].startswith("404" if path == MISSING else "200"), (path, statuses)
    return content
