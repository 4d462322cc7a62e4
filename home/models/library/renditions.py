"""Renditions of images, which are images in other sizes and formats."""

import logging
from contextlib import contextmanager
from pathlib import PurePath
from secrets import token_hex
from urllib.parse import quote, urljoin

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, models
from django.templatetags.static import static
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractRendition

from home.skipping import is_incomplete

logger = logging.getLogger(__name__)


class WithRenditions:
    """An image that breaks no page if its file is damaged or missing."""

    def get_rendition(self, filter):
        """Return a rendition. If the file is damaged or missing, the rendition `is_lost`."""
        with self.loss_logged():
            return super().get_rendition(filter)
        return self.lost_rendition

    def get_renditions(self, *filters):
        """Return several renditions. If the file is damaged or missing, each of them `is_lost`."""
        with self.loss_logged():
            return super().get_renditions(*filters)
        return {getattr(filter, "spec", filter): self.lost_rendition for filter in filters}

    @contextmanager
    def loss_logged(self):
        """Suppress an error while rendering the image, and log it at most once an hour."""
        try:
            yield
        except (InvalidFilterSpecError, DatabaseError):
            # The image didn't cause these.
            raise
        except Exception:  # Image libraries raise any exception.
            is_incomplete.set(True)
            if cache.add(f"lost-image:{self.pk}", True, 3600):
                logger.exception("Image %s cannot be shown: %s", self.pk, self.file.name)

    @property
    def lost_rendition(self):
        side = SiteRendition.LOST_SIDE
        rendition = SiteRendition(image=self, width=side, height=side)
        rendition.is_lost = True
        return rendition


class SiteRendition(AbstractRendition):
    """An image in one size and format."""

    # Width and height in pixels of the placeholder for a lost image.
    LOST_SIDE = 165
    # Whether the rendition doesn't exist because the original is damaged or missing.
    is_lost = False

    image = models.ForeignKey("home.SiteImage", on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]
        # Each request for an image looks up its rendition by file.
        indexes = [models.Index(fields=["file"], name="rendition_by_file")]

    @property
    def url(self):
        """The URL on this site, even if a bucket stores the file, since each request is checked."""
        if self.is_lost:
            return static("site_admin/lost-picture.svg")
        return urljoin(f"/{settings.MEDIA_URL.lstrip('/')}", quote(self.file.name))

    def get_upload_to(self, filename):
        """Return a name that cannot be guessed from the name of the image."""
        name = PurePath(filename)
        return super().get_upload_to(f"{name.stem}.{token_hex(8)}{name.suffix}")
