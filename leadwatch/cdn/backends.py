"""
Empty the cache in front of the site, as backends for Wagtail's frontend cache.

Wagtail's own purge single URLs, log failures without telling the caller, and may wait without end. These
empty the whole cache, whatever the URL, and raise an error if that fails.
"""

from uuid import uuid4

import urllib3
from wagtail.contrib.frontend_cache.backends.base import BaseBackend

PATIENCE = 10  # Seconds.
CLOUDFLARE = "https://api.cloudflare.com/client/v4"


class PurgeError(Exception):
    """The cache did not do it; the message says why, without anything secret."""


class Varnish(BaseBackend):
    """Varnish with deploy/varnish.vcl, or another proxy that empties its cache at a PURGE request for /*."""

    def __init__(self, params):
        self.location = params.pop("LOCATION")
        super().__init__(params)

    def purge(self, url):
        ask("PURGE", f"{self.location}/*", headers={"Host": url.split("/")[2]})


class Cloudflare(BaseBackend):
    def __init__(self, params):
        self.zone, self.token = params.pop("ZONE"), params.pop("TOKEN")
        super().__init__(params)

    def purge(self, url):
        address = f"{CLOUDFLARE}/zones/{self.zone}/purge_cache"
        headers = {"Authorization": f"Bearer {self.token}"}
        if not ask("POST", address, headers=headers, json={"purge_everything": True}).json()["success"]:
            raise PurgeError("it refused")


class CloudFront(BaseBackend):
    """Amazon's CDN. boto3 takes the keys from the usual environment variables, or from the machine's role."""

    def __init__(self, params):
        self.distribution = params.pop("DISTRIBUTION")
        super().__init__(params)

    def purge(self, url):
        import boto3
        from botocore.config import Config
        from botocore.exceptions import ClientError

        config = Config(connect_timeout=PATIENCE, read_timeout=PATIENCE, retries={"total_max_attempts": 1})
        everything = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(uuid4())}
        try:
            boto3.client("cloudfront", config=config).create_invalidation(
                DistributionId=self.distribution, InvalidationBatch=everything
            )
        except ClientError as error:
            raise PurgeError(error.response["Error"]["Code"]) from None


def ask(method, address, **options):
    response = urllib3.request(method, address, timeout=PATIENCE, retries=False, redirect=False, **options)
    if not 200 <= response.status < 300:
        raise PurgeError(f"it answered with status {response.status}")
    return response
