"""An S3-compatible server, which can be stopped and started again with its data, and a bucket in it."""

import logging
import socket
from contextlib import contextmanager
from itertools import count

import pytest

from tests.support.postgres import free_port

numbers = count(1)


class BucketServer:
    """A server in a thread, on a free port, with a bucket. A site with its `variables` uses it."""

    def __init__(self):
        self.port = free_port()
        self.variables = {
            "AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_S3_ACCESS_KEY_ID": "key",
            "AWS_S3_SECRET_ACCESS_KEY": "secret",
        }
        self.server = None
        self.start()
        self.use_new_bucket()

    def use_new_bucket(self):
        self.name = self.variables["AWS_STORAGE_BUCKET_NAME"] = f"media-{next(numbers)}"
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
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def silent(self):
        """Take connections in the block, but answer none."""
        with self.away(), socket.create_server(("127.0.0.1", self.port), backlog=100):
            yield


@pytest.fixture(scope="session")
def _bucket_server():
    server = BucketServer()
    yield server
    server.stop()


@pytest.fixture
def bucket(_bucket_server, settings, monkeypatch):
    """Keep the media of this process in a new bucket."""
    from leadwatch.media import bucket as module
    from leadwatch.settings import environment

    server = _bucket_server
    server.use_new_bucket()
    monkeypatch.setattr(module, "trouble", type(module.trouble)(rest_until=0, quiet_until=0))
    for name, value in environment.read(server.variables).bucket.items():
        setattr(settings, name, value)
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "leadwatch.media.bucket.Bucket"}}
    return server
