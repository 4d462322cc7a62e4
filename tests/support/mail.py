"""A mail server for tests."""

import socket
import threading
import time
from contextlib import suppress


class MailServer(threading.Thread):
    """A mail server with scripted replies. `letters` are the mails that it accepted."""

    def __init__(self, behavior="kind", port=0):
        super().__init__(daemon=True)
        self.behavior, self.letters, self.connections = behavior, [], 0
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            with suppress(OSError):
                getattr(self, self.behavior)(client)

    def hanging(self, client):
        client.recv(1)

    def dripping(self, client):
        while True:
            client.sendall(b"2")
            time.sleep(0.02)

    def leaving(self, client):
        client.sendall(b"220 here\r\n")
        client.recv(100)
        client.close()

    def kind(self, client):
        lines = client.makefile("rb")
        client.sendall(b"220 here\r\n")
        recipients = []
        while line := lines.readline():
            word = line[:4].upper()
            if word == b"RCPT" and b"drop@" in line:
                client.close()
                return
            if word == b"RCPT" and b"bad@" in line:
                client.sendall(b"550 no such person\r\n")
                continue
            if word == b"RCPT":
                recipients.append(line.split(b"<")[1].split(b">")[0].decode())
            if word == b"DATA":
                client.sendall(b"354 go on\r\n")
                text = b"".join(iter(lines.readline, b".\r\n"))
                self.letters.append((tuple(recipients), text.decode()))
                recipients = []
            client.sendall(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
