"""The configuration of nginx, for a folder and ports of this machine."""

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgres import free_port
from tests.support.processes import children_of
from tests.support.waiting import wait_until

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
CONFIG = Path(__file__).parents[2] / "deploy" / "nginx.conf"
# What Debian sets around a site, in version 12 or 13: default logs, and what must not be set twice.
AROUND = """
daemon off; {user} pid nginx.pid; error_log all.log info;
events {{}}
http {{ access_log access.log; server_tokens off; gzip on; ssl_protocols TLSv1.2; default_type text/plain;
 client_body_temp_path bodies; proxy_temp_path answers; {site} }}
"""


def configured(port, site, folder, plain=None):
    """Return the configuration for this machine, without TLS unless there is a port for plain HTTP."""
    config = re.sub(r" *listen \[::\].*\n", "", CONFIG.read_text())
    if not plain:
        config = re.sub(r" *ssl_(certificate|session).*\n", "", config)
    for told, here in (
        ("listen 80", f"listen 127.0.0.1:{plain or free_port()}"),
        (
            "listen 443 ssl http2",
            f"listen 127.0.0.1:{port} ssl http2" if plain else f"listen 127.0.0.1:{port}",
        ),
        ("127.0.0.1:8000", f"127.0.0.1:{site}"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/var/cache/", f"{folder}/"),
        ("/srv/leadwatch-version/", f"{folder}/version/"),
        ("/etc/leadwatch/tls/", f"{folder}/"),
    ):
        if told.startswith("/etc") and not plain:
            continue
        assert told in config
        config = config.replace(told, here)
    return config


def around(config):
    return AROUND.format(site=config, user="" if os.geteuid() else "user root;")


@contextmanager
def running(config, folder):
    """Run nginx with a configuration in a folder. Yield the number of its process."""
    (folder / "nginx.conf").write_text(around(config))
    server = subprocess.Popen([NGINX, "-p", folder, "-c", "nginx.conf", "-e", "all.log"])
    try:
        wait_until(lambda: children_of(server.pid))
        yield server.pid
    finally:
        server.terminate()
        server.wait()
