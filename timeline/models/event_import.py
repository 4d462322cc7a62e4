from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# How long a file is kept that nobody imports.
KEPT = timedelta(days=1)


class EventImport(models.Model):
    """An uploaded file of events until it is imported, then the changes that the import made."""

    timeline = models.ForeignKey("timeline.TimelinePage", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField()
    publish = models.BooleanField(_("publish the events"), default=False)
    with_pictures = models.BooleanField(_("download images"), default=False)
    # Set by the import; see `timeline.exchange.imports.applied_changes`.
    done_at = models.DateTimeField(null=True, editable=False, db_index=True)
    done = models.JSONField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    def __str__(self):
        return self.name

    @property
    def created(self):
        """The pages that the import created; see `timeline.exchange.imports.applied_changes`."""
        return (self.done or {}).get("created", [])

    @property
    def changed(self):
        """The pages that the import changed."""
        return (self.done or {}).get("changed", [])

    @property
    def problems(self):
        """Errors of downloads of images and files, by URL."""
        return (self.done or {}).get("problems", {})

    @classmethod
    def forget_old(cls):
        cls.objects.filter(done_at=None, created_at__lt=timezone.now() - KEPT).delete()

    def finish(self, done):
        """Save what the import has done, and delete the file."""
        self.done, self.done_at, self.content = done, timezone.now(), b""
        self.save()
