from django.db import models


class ContentVersionQuerySet(models.QuerySet):
    def old(self):
        """Return the versions that no process needs any longer."""
        newest = self.order_by("-pk").values_list("pk", flat=True).first() or 0
        return self.filter(pk__lte=newest - ContentVersion.KEPT)


class ContentVersion(models.Model):
    """
    A change of visible content. Database triggers add a row for each: see leadwatch/page_cache/versions.py.

    The mark is random. It distinguishes rows with the same ID from before and after restoring a backup.
    """

    # The number of rows to keep; more than are read.
    KEPT = 1000

    mark = models.BigIntegerField()

    objects = ContentVersionQuerySet.as_manager()

    def __str__(self):
        return f"{self.pk}.{self.mark}"
