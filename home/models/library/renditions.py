"""
Renditions of images, which are images in other sizes and formats.

Pages only show renditions that exist, so that no visitor waits for one. The first one is made when an image
is saved; the worker makes the others.
"""

import logging
from collections import defaultdict
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from pathlib import PurePath
from secrets import token_hex
from urllib.parse import quote, urljoin

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, models, transaction
from django.templatetags.static import static
from django_tasks import task
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractRendition, Filter

from home.files.errors import StoreAway
from home.graphics.cover_images import HEIGHT, WIDTH
from home.kept.prepared import Parameters, Prepared
from home.skipping import is_incomplete

logger = logging.getLogger(__name__)

# The rendition that is shown until the others are made. Exports name it, since originals are never given out.
FIRST = Filter("format-jpeg|width-1200")
# Pixels of the narrower renditions. An image that is no wider needs none.
NARROWER = {"width-400": 400, "width-800": 800}


def filters(*spec):
    return [Filter(each) for each in Filter.expand_spec(spec)]


# The renditions for each place in which an image is shown.
PLACES = {
    "export": [FIRST],
    "logo": filters("max-320x160", "format-{avif,webp,jpeg}"),
    "sharing": filters(f"fill-{WIDTH}x{HEIGHT}", "format-jpeg"),
    "text": filters("format-{avif,webp,jpeg}", "width-{400,800,1200}"),
}
# Without duplicates.
ALL = list(dict.fromkeys([filter for place in PLACES.values() for filter in place]))


@task
def make_renditions(image_pk):
    """Make the renditions that an image lacks, unless it was deleted in the meantime."""
    image = apps.get_model("home.SiteImage").objects.filter(pk=image_pk).first()
    if image:
        image.make(image.missing_renditions())


def load_renditions(images):
    """Load the renditions that pages show of these images, in one query."""
    found = defaultdict(list)
    for rendition in shown_renditions()([image.pk for image in images]):
        found[rendition.image_id].append(rendition)
    for image in images:
        # Wagtail's name.
        image.prefetched_renditions = found[image.pk]


@lru_cache
def shown_renditions():
    """Return the query of the renditions that pages show of some images."""
    shown = SiteRendition.objects.filter(filter_spec__in=[filter.spec for filter in ALL])
    return Prepared(shown.filter(image__in=Parameters(0)))


class WithRenditions:
    """An image whose renditions for visitors are made ahead. A damaged or missing file breaks no page."""

    def made_for(self, place):
        """
        Return the renditions for one of PLACES by their specification: those that are made, else the first
        one, else one that `is_lost`.
        """
        if "prefetched_renditions" not in vars(self):
            load_renditions([self])
        made = self.find_existing_renditions(*self.wanted(PLACES[place]))
        made = made or self.find_existing_renditions(FIRST)
        if not made:
            is_incomplete.set(True)
            return {FIRST.spec: self.lost_rendition}
        for rendition in made.values():
            # Two objects for the same image can have different descriptions.
            rendition.image = self
        return {filter.spec: made[filter] for filter in ALL if filter in made}

    def wanted(self, filters):
        """Return those filters that make a difference for an image of this width."""
        return [each for each in filters if NARROWER.get(each.spec.rpartition("|")[2], 0) < self.width]

    def missing_renditions(self):
        """Return the filters of which the image has no rendition. An image that is withheld needs none."""
        if self.is_withheld or not self.file:
            return []
        there = {(rendition.filter_spec, rendition.focal_point_key) for rendition in self.renditions.all()}
        return [each for each in self.wanted(ALL) if (each.spec, each.get_cache_key(self)) not in there]

    def prepare_renditions(self, priority=0):
        """Make the first rendition, and let the worker make the others."""
        missing = self.missing_renditions()
        if FIRST in missing:
            with self.loss_logged():
                self.make([FIRST])
        if missing:
            make_renditions.using(priority=priority).enqueue(self.pk)

    def make(self, filters):
        """
        Make and store renditions. One that fails is left out, and logged.

        :raises StoreAway: if the store of the files is away.
        """
        made, kept = [], []
        try:
            with self.loss_logged(but=(StoreAway,)):
                with self.file.storage.open(self.file.name) as file:
                    content = file.read()
                for each in filters:
                    with self.loss_logged(but=(StoreAway,)):
                        made.append(self.stored_rendition(each, content))
            kept = self.keep(made)
        finally:
            for rendition in made:
                if rendition not in kept:
                    rendition.file.delete(save=False)

    def stored_rendition(self, filter, content):
        """Return a new rendition with its file, but without a row in the database."""
        rendition = self.generate_rendition_instance(filter, BytesIO(content))
        rendition.file.save(rendition.file.name, rendition.file.file, save=False)
        return rendition

    def keep(self, made):
        """Save those renditions that are still missing. If the file was replaced in the meantime, none is."""
        here = type(self).objects.filter(pk=self.pk, file=self.file.name, is_left_out=False)
        with transaction.atomic():
            # The update changes nothing, but it locks the image, and the version of the content moves on.
            if not made or not here.update(file=self.file.name):
                return []
            missing = {each.spec for each in here.get().missing_renditions()}
            return SiteRendition.objects.bulk_create([each for each in made if each.filter_spec in missing])

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
    def loss_logged(self, but=()):
        """Suppress an error while rendering the image, and log it at most once an hour."""
        try:
            yield
        except (InvalidFilterSpecError, DatabaseError, *but):
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
