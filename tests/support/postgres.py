"""
A temporary PostgreSQL server, from the system's packages.

    python -m tests.support.postgres pytest tests/search

runs the command with DATABASE_URL pointing to it.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

# Debian installs them here, outside of PATH.
PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def program(name):
    """Return the path of one of PostgreSQL's programs, or None if it isn't installed."""
    return shutil.which(name, path=os.pathsep.join([*map(str, PLACES), os.environ.get("PATH", "")]))


class Cluster:
    """A server on a free port of this machine. `url` is the DATABASE_URL of its database."""

    def __init__(self, folder):
        self.folder, self.port = Path(folder), free_port()
        # PostgreSQL refuses to run as root. Its package creates a user.
        self.as_user = {"user": "postgres", "cwd": folder} if os.geteuid() == 0 else {}
        if self.as_user:
            shutil.chown(folder, "postgres")
        initdb = [program("initdb"), "-D", self.data, "-U", "leadwatch", "-A", "trust", "-E", "UTF8"]
        command = [*initdb, "--no-sync", "--locale=C.UTF-8"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **self.as_user)
        self.start()
        self.url = self.create("site")

    def create(self, name):
        """Create a database. Return its DATABASE_URL."""
        subprocess.run([program("createdb"), *self.address, name], check=True)
        return f"postgres://leadwatch@127.0.0.1:{self.port}/{name}"

    @property
    def data(self):
        return self.folder / "data"

    @property
    def address(self):
        """Options of PostgreSQL's programs."""
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "leadwatch"]

    def start(self):
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            # The data need not survive a crash of the machine.
            "fsync": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [program("postgres"), "-D", self.data, *options]
        with (self.folder / "log").open("a") as log:
            self.server = subprocess.Popen(command, stderr=log, **self.as_user)
        while subprocess.run([program("pg_isready"), "-q", *self.address[:4]]).returncode != 0:
            if self.server.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")

    def stop(self):
        """Close all connections and end the server."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait()


@contextmanager
def cluster():
    """
    Start a server.

    :returns: its DATABASE_URL.
    """
    with tempfile.TemporaryDirectory(prefix="leadwatch-postgres-") as folder:
        server = Cluster(folder)
        try:
            yield server.url
        finally:
            server.stop()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


if __name__ == "__main__":
    with cluster() as address:
        command = [shutil.which(sys.argv[1]) or sys.argv[1], *sys.argv[2:]]
        sys.exit(subprocess.run(command, env=os.environ | {"DATABASE_URL": address}).returncode)
