"""The real TimelineJS, served on this machine, for tests and benchmarks."""

import gzip
import json
import mimetypes
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.packages import FOLDER

PACKAGE = FOLDER / "@knight-lab" / "timelinejs" / "dist"
PAGE = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>A page with TimelineJS</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/css/timeline.css">
  </head>
  <body>
    <h1>Our page</h1>
    <div id="timeline" style="width: 100%; height: 650px"></div>
    <script src="/js/timeline.js"></script>
    <script>window.timeline = new TL.Timeline("timeline", {source}, {{hash_bookmark: false}});</script>
  </body>
</html>
"""


@cache
def compressed(content):
    return gzip.compress(content, 6)


class Handler(BaseHTTPRequestHandler):
    """Serves the package's files and `server.pages`, compressed."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        file = (PACKAGE / path.lstrip("/")).resolve()
        content = self.server.pages.get(path)
        if content is None and file.is_relative_to(PACKAGE.resolve()) and file.is_file():
            content = file.read_bytes()
        self.send_response(200 if content is not None else 404)
        content = compressed(content or b"")
        self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "application/octet-stream")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


class TimelineJS:
    """A server for timelines shown by TimelineJS. Close it after use."""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.pages = {}
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page_of(self, source):
        """
        Return the URL of a page that shows a timeline.

        :param source: the URL of its JSON, or the data.
        """
        if not isinstance(source, str):
            path = f"/{len(self.server.pages)}.json"
            self.server.pages[path] = json.dumps(source).encode()
            source = path
        path = f"/{len(self.server.pages)}.html"
        self.server.pages[path] = PAGE.format(source=json.dumps(source)).encode()
        return self.url + path

    def close(self):
        self.server.shutdown()
        self.server.server_close()
