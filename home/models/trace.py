import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac


class TraceQuerySet(models.QuerySet):
    def expired(self):
        return self.filter(expires_at__lte=timezone.now())

    def current(self, kind):
        return self.filter(kind=kind, expires_at__gt=timezone.now())

    def has(self, kind, *what):
        return self.current(kind).filter(digest=digest_of(kind, what)).exists()

    def leave(self, kind, *what, until):
        """Leave a trace until a time. Returns whether there was none."""
        fields = {"kind": kind, "expires_at": until}
        return self.update_or_create(digest=digest_of(kind, what), defaults=fields)[1]


class Trace(models.Model):
    """
    A keyed hash of something that was sent with the contact form, kept for a short time to recognize it.

    It says nothing about the sender.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=8)
    expires_at = models.DateTimeField(db_index=True)

    objects = models.Manager.from_queryset(TraceQuerySet)()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"Trace of a {self.kind}"


def digest_of(kind, what):
    text = json.dumps(what, cls=DjangoJSONEncoder, sort_keys=True)
    return salted_hmac(f"home.trace.{kind}", text, algorithm="sha256").hexdigest()
