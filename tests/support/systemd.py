"""A stand-in for systemd, which tests don't have: it starts and stops the very commands of the units."""

import os
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from pathlib import Path

CLIENT = """#!{python} -S
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect({path!r})
s.sendall(" ".join(sys.argv[1:]).encode())
s.shutdown(socket.SHUT_WR)
sys.exit(int(s.recv(9)))
"""


class Systemd:
    """
    Obeys the script `systemctl`, for the units in a folder.

    It holds the socket of leadwatch.socket as systemd does, and waits for services of the type "notify".
    """

    def __init__(self, units):
        self.units, self.running, self.held = units, {}, None
        # Paths of sockets must be short.
        self.temporary = tempfile.TemporaryDirectory(prefix="systemd-")
        self.folder = Path(self.temporary.name)
        self.systemctl = self.folder / "systemctl"
        self.systemctl.write_text(CLIENT.format(python=sys.executable, path=str(self.folder / "orders")))
        self.systemctl.chmod(0o755)
        self.orders = socket.socket(socket.AF_UNIX)
        self.orders.bind(str(self.folder / "orders"))
        self.orders.listen()
        threading.Thread(target=self.obey, daemon=True).start()

    def obey(self):
        while True:
            try:
                client, _address = self.orders.accept()
            except OSError:
                return
            with client:
                words = client.makefile().read().split()
                try:
                    is_done = self.do(*words)
                except Exception:
                    # The script would wait forever.
                    is_done = False
                    traceback.print_exc()
                # Whoever asked may have been killed.
                with suppress(OSError):
                    client.sendall(b"0" if is_done else b"1")

    def do(self, verb, *names):
        if verb == "restart":
            return all(self.restart(name) for name in names)
        return verb == "daemon-reload"

    def restart(self, name):
        self.stop(name)
        return self.start(name)

    def lines(self, name):
        lines = (line.partition("=") for line in (self.units / name).read_text().splitlines())
        return {key: value for key, _equals, value in lines}

    def start(self, name):
        unit = self.lines(name)
        command = shlex.split(unit["ExecStart"])
        environment = {"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}
        options = {"cwd": unit["WorkingDirectory"], "env": environment, "umask": 0o077}
        told = None
        if unit.get("Type") == "notify":
            told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            address = self.folder / "notify"
            address.unlink(missing_ok=True)
            told.bind(str(address))
            environment |= {"NOTIFY_SOCKET": str(address), "LISTEN_FDS": "1"}
            held = self.hold().fileno()
            command = ["bash", "-c", f'LISTEN_PID=$$ exec "$@" 3<&{held}', "bash", *command]
            options["pass_fds"] = [held]
        with (self.folder / "log").open("a") as log:
            process = self.running[name] = subprocess.Popen(command, stdout=log, stderr=log, **options)
        while told:
            told.settimeout(0.2)
            try:
                return b"READY=1" in told.recv(1000)
            except TimeoutError:
                if process.poll() is not None:
                    return False
        return True

    def hold(self):
        if not self.held:
            host, _colon, port = self.lines("leadwatch.socket")["ListenStream"].partition(":")
            self.held = socket.create_server((host, int(port)), backlog=4096)
        return self.held

    def stop(self, name):
        if process := self.running.pop(name, None):
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def close(self):
        self.orders.close()
        for name in list(self.running):
            self.stop(name)
        if self.held:
            self.held.close()
        self.temporary.cleanup()


def folder_of(process):
    """Return the folder in which a process runs."""
    return Path(f"/proc/{process.pid}/cwd").resolve()
