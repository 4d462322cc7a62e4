from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = ["EventImport"]

# For how long a file waits for its answer.
KEPT = timedelta(days=1)


class EventImport(models.Model):
    """
    A file of events that waits until the person who sent it says yes; after that, a note of what it has done.

    The file itself is kept no longer than it waits.
    """

    timeline = models.ForeignKey("timeline.TimelinePage", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField()
    publish = models.BooleanField(_("publish the events"), default=False)
    with_pictures = models.BooleanField(_("download pictures"), default=False)
    # Filled in when the import is carried out; see `timeline.exchange.imports.applied_changes`.
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
        """Notes of the pages that it made."""
        return (self.done or {}).get("created", [])

    @property
    def changed(self):
        """Notes of the pages that it changed."""
        return (self.done or {}).get("changed", [])

    @property
    def problems(self):
        """Why pictures and files did not come, by their addresses."""
        return (self.done or {}).get("problems", {})

    @classmethod
    def forget_old(cls):
        """Delete the files that nobody came back for."""
        cls.objects.filter(done_at=None, created_at__lt=timezone.now() - KEPT).delete()

    def finish(self, done):
        """Note what the import has done, and forget the file."""
        self.done, self.done_at, self.content = done, timezone.now(), b""
        self.save()
