"""
The media in an S3-compatible bucket, where the site runs on several machines.

Browsers never ask the bucket: the site's own views check each request and pass the file on. While the bucket
is away or slow, it costs pictures, not pages: every operation fails with StoreAway within seconds.
"""

import logging
import time
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import PurePosixPath
from secrets import token_hex
from tempfile import TemporaryFile
from types import SimpleNamespace
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from django.utils.functional import cached_property

from home.files.errors import StoreAway

try:
    from boto3.exceptions import Boto3Error
    from boto3.s3.transfer import TransferConfig
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from storages.backends.s3 import S3Storage
except ImportError:
    # Sites without a bucket don't need these packages, and don't use this class.
    S3Storage = object

logger = logging.getLogger(__name__)

# Seconds for connecting, for the next bytes of an answer, and for all of it.
CONNECTING, ANSWERING, READING = 2, 4, 10
# After an operation failed and took more than SLOW seconds, others fail at once for REST seconds.
SLOW, REST = 0.2, 3
# Seconds between two warnings in the log.
QUIET = 60
# Bytes: how many are read at a time, and the largest file that is kept in memory while it is passed on.
PIECE, LARGEST_IN_MEMORY = 16 * 1024, 2 * 1024 * 1024
# Bytes of the largest file that one request may store. The library takes none that is as large.
LARGEST_AT_ONCE = 100 * 1024 * 1024

# The state of this process, in seconds of time.monotonic.
trouble = SimpleNamespace(rest_until=0, quiet_until=0)


@contextmanager
def in_time():
    """Translate errors of the bucket in the block. After a slow one, fail at once for a moment."""
    begun, has_failed = time.monotonic(), False
    if begun < trouble.rest_until:
        raise StoreAway("The bucket failed a moment ago.")
    if trouble.rest_until:
        # One request finds out whether the bucket is back. Others don't wait for that.
        trouble.rest_until = begun + REST
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError, ConnectionError, TimeoutError) as error:
        reason = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        if reason in ("NoSuchKey", "404"):
            raise FileNotFoundError("The bucket has no such file.") from error
        has_failed = True
        warn(reason)
        raise StoreAway(f"The bucket fails: {reason}") from error
    finally:
        now = time.monotonic()
        trouble.rest_until = now + REST if has_failed and now - begun > SLOW else 0


def warn(reason):
    if time.monotonic() >= trouble.quiet_until:
        trouble.quiet_until = time.monotonic() + QUIET
        logger.error("The bucket fails, so images and files are missing: %s", reason)


def in_time_method(name):
    """Return a method that calls the one of this name of S3Storage `in_time`."""

    def method(self, *args, **kwargs):
        with in_time():
            return getattr(super(Bucket, self), name)(*args, **kwargs)

    method.__name__ = name
    return method


class Bucket(S3Storage):
    """Django's interface to the bucket, made for many threads."""

    _save = in_time_method("_save")
    delete = in_time_method("delete")
    exists = in_time_method("exists")
    size = in_time_method("size")
    listdir = in_time_method("listdir")
    get_modified_time = in_time_method("get_modified_time")

    def get_default_settings(self):
        defaults = super().get_default_settings()
        client = Config(
            connect_timeout=CONNECTING,
            read_timeout=ANSWERING,
            retries={"mode": "standard", "total_max_attempts": 2},
            s3={"addressing_style": defaults["addressing_style"]},
            # Many S3-compatible services don't know these newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        # One request stores a file as a whole, or not at all.
        transfer = TransferConfig(use_threads=False, multipart_threshold=LARGEST_AT_ONCE)
        return defaults | {"client_config": client, "transfer_config": transfer}

    @cached_property
    def connection(self):
        """All threads share one. S3Storage makes one for each, which takes half a second and 10 MB."""
        return S3Storage.connection.fget(self)

    def _open(self, name, mode="rb"):
        """Read a file as a whole, with one request, so that a failing bucket breaks off no response."""
        if mode != "rb":
            raise ValueError("A file in the bucket can only be read, or saved as a whole.")
        with in_time():
            end = time.monotonic() + READING
            answer = self.bucket.Object(self._normalize_name(name)).get()
            is_small = answer["ContentLength"] <= LARGEST_IN_MEMORY
            file = BytesIO() if is_small else TemporaryFile()  # noqa: SIM115 (the caller closes it)
            with closing(answer["Body"]) as body:
                for piece in body.iter_chunks(PIECE):
                    file.write(piece)
                    if time.monotonic() > end:
                        raise TimeoutError
        file.seek(0)
        return File(file, name)

    def generate_filename(self, filename):
        """Put a new file into a folder of its own: two machines may store one of the same name at once."""
        path = PurePosixPath(super().generate_filename(filename))
        return str(path.parent / token_hex(4) / path.name)

    def url(self, name, *args, **kwargs):
        """Return an address on this site. A signed one of the bucket would open the file to anybody."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name))
