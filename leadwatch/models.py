from django.db import models


class ContentVersionQuerySet(models.QuerySet):
    def old(self):
        """Versions that no process asks for any more."""
        newest = self.order_by("-pk").values_list("pk", flat=True).first() or 0
        return self.filter(pk__lte=newest - ContentVersion.KEPT)


class ContentVersion(models.Model):
    """
    A change of what visitors see. Database triggers add a row for each: see leadwatch/page_cache/versions.py.

    The mark is random. It tells rows apart that have one number, before and after a backup was put back.
    """

    # Rows that are kept, more than are looked at.
    KEPT = 1000

    mark = models.BigIntegerField()

    objects = ContentVersionQuerySet.as_manager()

    def __str__(self):
        return f"{self.pk}.{self.mark}"
