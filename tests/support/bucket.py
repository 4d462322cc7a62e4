"""An S3-compatible server, which can be stopped and started again with its data, and a bucket in it."""

import logging
import socket
from contextlib import contextmanager
from itertools import count

import pytest

from tests.support.postgres import free_port

numbers = count(1)


class BucketServer:
    """A server in a thread, on a free port, with one bucket. A site with its `variables` uses it."""

    def __init__(self):
        self.port = free_port()
        self.name = f"media-{next(numbers)}"
        self.variables = {
            "AWS_STORAGE_BUCKET_NAME": self.name,
            "AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_S3_ACCESS_KEY_ID": "key",
            "AWS_S3_SECRET_ACCESS_KEY": "secret",
        }
        self.server = None
        self.start()
        self.client.create_bucket(Bucket=self.name)

    def start(self):
        from moto.server import ThreadedMotoServer

        # It would log each request.
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server = ThreadedMotoServer("127.0.0.1", self.port, verbose=False)
        self.server.start()

    def stop(self):
        if self.server:
            self.server.stop()
            self.server = None

    @property
    def client(self):
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.variables["AWS_S3_ENDPOINT_URL"],
            aws_access_key_id="key",
            aws_secret_access_key="secret",
            region_name="us-east-1",
        )

    @property
    def names(self):
        """The names of all files in the bucket."""
        found = self.client.list_objects_v2(Bucket=self.name)
        return {each["Key"] for each in found.get("Contents", ())}

    @contextmanager
    def away(self):
        """Refuse connections in the block."""
        self.stop()
        yield
        self.start()

    @contextmanager
    def silent(self):
        """Take connections in the block, but answer none."""
        self.stop()
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", self.port))
            listener.listen(100)
            yield
        self.start()


@pytest.fixture
def bucket(settings, monkeypatch):
    """Keep the media of this process in a bucket."""
    from leadwatch.media import bucket as module
    from leadwatch.settings import environment

    server = BucketServer()
    monkeypatch.setattr(module, "trouble", type(module.trouble)(rest_until=0, quiet_until=0))
    for name, value in environment.read(server.variables).bucket.items():
        setattr(settings, name, value)
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "leadwatch.media.bucket.Bucket"}}
    yield server
    server.stop()
