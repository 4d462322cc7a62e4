from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class InboxKeyQuerySet(models.QuerySet):
    def current(self):
        """Return the key that seals new messages: the newest one, or None if the inbox is not sealed."""
        return self.order_by("pk").last()

    def earlier(self):
        """The keys that were replaced."""
        current = self.current()
        return self.exclude(pk=current.pk) if current else self.none()

    def delete_unused(self):
        """Delete the earlier keys with which nothing is sealed any more."""
        self.earlier().filter(messages=None, notes=None).delete()


class InboxKey(models.Model):
    """A pair of keys that seals messages. The browser of an administrator made it."""

    public = models.CharField(_("public key"), max_length=100)
    # An age file that only the passphrase opens. The server knows neither the passphrase nor the key in it.
    private = models.TextField(_("encrypted private key"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = models.Manager.from_queryset(InboxKeyQuerySet)()

    class Meta:
        verbose_name = _("key of the inbox")
        verbose_name_plural = _("keys of the inbox")

    def __str__(self):
        return gettext("Key of the inbox")
