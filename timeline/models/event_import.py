from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = ["EventImport"]

# For how long a file waits for its answer.
KEPT = timedelta(days=1)


class EventImport(models.Model):
    """A file of events that was sent in and waits until the person who sent it says yes."""

    timeline = models.ForeignKey("timeline.TimelinePage", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField()
    publish = models.BooleanField(_("publish the events"), default=False)
    with_pictures = models.BooleanField(_("download pictures"), default=False)

    def __str__(self):
        return self.name

    @classmethod
    def forget_old(cls):
        """Delete the files that nobody came back for."""
        cls.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
