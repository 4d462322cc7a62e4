"""Our own copies of what sources cite."""

import uuid
from datetime import timedelta
from hashlib import sha256
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.copies.capture import Doubt, capture, read_text
from home.copies.storage import CopiesStorage
from home.dates.values import PreciseDate
from home.external_links.errors import FetchError, Reason
from home.files.child import JobFailed
from home.files.extraction import tidy
from home.text import clean_data

WARC = "warc.gz"
# After this time, the program that was to make a copy must have ended.
STUCK = timedelta(hours=1)
# Characters of the words of a copy that readers see. Its file has them all.
LONGEST = 100_000


class KeptCopyQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(state=KeptCopy.State.KEPT)

    def of(self, address):
        """Return the copies of an address, the newest first."""
        return self.filter(address=address).order_by("-kept_at", "-pk")

    def light(self):
        """Leave out what lists don't need."""
        return self.defer("text", "headers")

    def under_way(self):
        return self.filter(state=KeptCopy.State.WAITING, asked_at__gt=timezone.now() - STUCK)

    def ask_for(self, address, user=None):
        """Return a new row for a copy that is to be fetched; None if one is under way."""
        with transaction.atomic():
            if self.under_way().filter(address=address).exists():
                return None
            return self.create(address=address, kind=KeptCopy.Kind.FETCHED, asked_by=user)


class KeptCopy(models.Model):
    """
    A copy of what was at an address on a day: fetched by us, or uploaded by an editor.

    Several sources may cite an address, and an address may have copies of several days. Visitors read that
    there is a copy; what is in it, only if an editor has decided so.
    """

    class Kind(models.TextChoices):
        FETCHED = "fetched", _("fetched by us")
        UPLOADED = "uploaded", _("uploaded")

    class State(models.TextChoices):
        WAITING = "waiting", _("being fetched")
        KEPT = "kept", _("kept")
        FAILED = "failed", _("not kept")

    address = models.CharField(_("address"), max_length=500, db_index=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    doubt = models.CharField(max_length=10, choices=Doubt, blank=True, default=Doubt.NONE)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kept_at = models.DateTimeField(_("kept since"), null=True)
    # What the other site answered.
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=list)
    title = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)
    file = models.FileField(storage=CopiesStorage(), max_length=100, blank=True)
    # Of the file.
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    is_shown = models.BooleanField(_("visitors can read it"), default=False)

    objects = KeptCopyQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        # Those who may add one keep copies, and those who may change one decide whether visitors read it.
        default_permissions = ("add", "change", "delete")
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("copy of a source")
        verbose_name_plural = _("copies of sources")

    def __str__(self):
        return self.address

    @property
    def extension(self):
        return WARC if self.file.name.endswith(WARC) else PurePath(self.file.name).suffix[1:]

    @property
    def day(self):
        return day_of(self.kept_at)

    @property
    def is_cut(self):
        """Whether only the beginning of its words is here."""
        return len(self.text) >= LONGEST

    @property
    def is_web_archive(self):
        return self.extension in (WARC, "wacz")

    @property
    def is_stuck(self):
        return self.state == self.State.WAITING and self.asked_at < timezone.now() - STUCK

    @property
    def state_in_words(self):
        """Return the state, and why there is no copy."""
        if self.is_stuck:
            return _("It did not finish. Try it again.")
        if self.state != self.State.FAILED:
            return self.get_state_display()
        return self.get_reason_display() or _("Something went wrong on our side. The log says what.")

    @property
    def advice(self):
        """Return what an editor can do if there is no copy; empty if there is one."""
        if self.state != self.State.FAILED:
            return ""
        if self.reason == Reason.ROBOTS:
            return _(
                "Its robots.txt asks programs to stay away. Open the page, save it as a PDF, and upload it."
            )
        if self.reason == Reason.CLOSED:
            return _("It may want a subscription or an account. If you can read it, upload it as a PDF.")
        if self.reason in (Reason.GONE, Reason.NO_SITE):
            return _("Look for it at an archive. If somebody saved it, upload that.")
        return _("Try again later. If you can open it in your browser, save it as a PDF and upload that.")

    def fetch(self):
        """Fetch what is at the address, and save the outcome."""
        try:
            found = capture(self.address)
            self.status, self.headers = found.page.status, clean_data(list(found.page.headers.items()))
            self.title, self.text, self.doubt = found.title, found.text, found.doubt
            self.keep(found.content, WARC)
        except FetchError as error:
            self.fail(error.reason)
        except Exception:
            # The task logs it.
            self.fail("")
            raise

    def read(self):
        """Read the words of an uploaded PDF."""
        try:
            with self.file.open("rb") as file:
                found = {"text": read_text(file, "pdf")[:LONGEST]}
        except JobFailed:
            found = {"doubt": Doubt.UNREADABLE}
        type(self).objects.filter(pk=self.pk).update(**found)

    def fail(self, reason):
        # Not `save`, which would bring a deleted row back.
        type(self).objects.filter(pk=self.pk).update(state=self.State.FAILED, reason=reason)

    def keep(self, content, extension):
        """Store the content of the copy, and save it, unless its row was deleted meanwhile."""
        if self.pk and not type(self).objects.filter(pk=self.pk).exists():
            return
        self.sha256, self.size = sha256(content).hexdigest(), len(content)
        self.text = tidy(self.text)[:LONGEST]
        self.state, self.reason, self.kept_at = self.State.KEPT, "", timezone.now()
        self.file.save(f"{uuid.uuid4()}.{extension}", ContentFile(content), save=False)
        try:
            self.save(force_update=bool(self.pk))
        except BaseException:
            self.file.storage.delete(self.file.name)
            raise


def day_of(moment):
    """Return the day of a moment as a PreciseDate."""
    return PreciseDate.from_date(timezone.localdate(moment))


def on_deleted(instance, **kwargs):
    """Signal receiver: delete the file of a deleted copy."""
    if instance.file:
        transaction.on_commit(lambda: instance.file.storage.delete(instance.file.name))
