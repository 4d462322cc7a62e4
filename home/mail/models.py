from datetime import timedelta

from django.db import models
from django.utils import timezone

# How long a mail is tried, and how long it is then listed as one that could not be sent. unsent_mails.html
# and docs/operations.md name the days, too.
GIVE_UP_AFTER, LISTED_FOR = timedelta(days=3), timedelta(days=30)
# How long a mail is reserved for the process that sends it. Sending takes less.
TAKEN = timedelta(minutes=10)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)


class OutgoingMailQuerySet(models.QuerySet):
    def due(self):
        """Mails to send now: those with the fewest failures first, then those that have waited longest."""
        return self.filter(due_at__lte=timezone.now()).order_by("tries", "due_at", "pk")

    def given_up(self):
        return self.filter(due_at=None).order_by("-made_at", "-pk")

    def take(self, pk):
        """Reserve a mail for this process. Returns None if another process has it, or it is gone."""
        due_at = timezone.now() + TAKEN
        if self.due().filter(pk=pk).order_by().update(due_at=due_at, tries=models.F("tries") + 1):
            return self.filter(pk=pk).first()
        return None

    def delete_old(self):
        """Delete mails that have been listed long enough."""
        self.given_up().filter(made_at__lt=timezone.now() - LISTED_FOR).delete()


class OutgoingMail(models.Model):
    """A mail to one recipient, until it is sent."""

    recipient = models.TextField()
    subject = models.TextField(blank=True)
    # The arguments of EmailMultiAlternatives; empty once the mail is given up.
    content = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    # Null if the mail could not be sent and is not tried again.
    due_at = models.DateTimeField(default=timezone.now, null=True, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = models.Manager.from_queryset(OutgoingMailQuerySet)()

    class Meta:
        default_permissions = ()

    def __str__(self):
        # It appears in logs, so it must not name anybody.
        return f"Mail {self.pk}"

    def retry_or_give_up(self):
        """Schedule the next attempt, later each time, or give up. Returns whether it is given up."""
        now = timezone.now()
        is_given_up = now - self.made_at >= GIVE_UP_AFTER
        if is_given_up:
            # It may hold a link that only its recipient should have.
            self.due_at, self.content = None, {}
        else:
            self.due_at = now + min(FIRST_PAUSE * 4 ** min(self.tries - 1, 10), LONGEST_PAUSE)
        self.save(update_fields=["due_at", "content"])
        return is_given_up
