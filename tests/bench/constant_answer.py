"""A WSGI application that always gives the answer in the file ANSWER: headers, and the body in hex."""

import json
import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

# gunicorn.conf.py needs the site.
get_wsgi_application()
HEADERS, BODY = json.loads(Path(os.environ["ANSWER"]).read_text())
ANSWER = [tuple(pair) for pair in HEADERS], [bytes.fromhex(BODY)]


def application(environ, start_response):
    start_response("200 OK", ANSWER[0])
    return ANSWER[1]
