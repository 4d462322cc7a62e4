"""
A temporary PostgreSQL server, from the system's packages.

    python -m tests.support.postgres pytest tests/search

runs the command with DATABASE_URL pointing to it.
"""

import os
import shutil
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


@contextmanager
def cluster():
    """
    Start a server on a free port of this machine.

    :returns: its DATABASE_URL.
    """
    with tempfile.TemporaryDirectory(prefix="leadwatch-postgres-") as folder:
        folder = Path(folder)
        # PostgreSQL refuses to run as root. Its package creates a user.
        as_user = {"user": "postgres", "cwd": folder} if os.geteuid() == 0 else {}
        if as_user:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        initdb = [program("initdb"), "-D", data, "-U", "leadwatch", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*initdb, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, **as_user)
        port = free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            # The data need not survive a crash.
            "fsync": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [program("postgres"), "-D", data, *options], stderr=subprocess.DEVNULL, **as_user
        )
        try:
            ready = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
            while subprocess.run(ready).returncode != 0:
                if server.poll() is not None:
                    raise RuntimeError("PostgreSQL did not start.")
            address = f"postgres://leadwatch@127.0.0.1:{port}/"
            subprocess.run(
                [program("createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "leadwatch", "site"]
            )
            yield f"{address}site"
        finally:
            server.terminate()
            server.wait()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


if __name__ == "__main__":
    with cluster() as address:
        command = [shutil.which(sys.argv[1]) or sys.argv[1], *sys.argv[2:]]
        sys.exit(subprocess.run(command, env=os.environ | {"DATABASE_URL": address}).returncode)
