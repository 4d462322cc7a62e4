from django.db import models
from django.utils import timezone


class TryCounterQuerySet(models.QuerySet):
    def expired(self):
        return self.filter(until__lte=timezone.now())


class TryCounter(models.Model):
    """Number of recent tries at a password or code. The key names nobody (home/accounts/throttle.py)."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)

    objects = TryCounterQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    def __str__(self):
        return f"{self.count} tries"
