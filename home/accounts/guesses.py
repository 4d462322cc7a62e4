"""Wrong codes after the right password: whoever knows it and has many addresses would find a code in time."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from home.accounts.log import log
from home.accounts.mails import tell
from home.models import AuthenticatorApp

# After FEW wrong codes without a right one, the person is told, at most once a DAY. After MOST, the codes of
# her app are refused for a day, and only recovery codes are accepted.
FEW, MOST, DAY = 3, 100, timedelta(days=1)
# The action in the audit log.
GUESSED = "home.second_factor.guess"


def is_refused(app):
    """Return whether an app's codes are refused, right or wrong."""
    last = app.throttling_failure_timestamp
    return app.throttling_failure_count >= MOST and last > timezone.now() - DAY


def needs_recovery_code(user):
    return any(map(is_refused, AuthenticatorApp.objects.filter(user=user)))


def accept_app_again(user):
    AuthenticatorApp.objects.filter(user=user).update(throttling_failure_count=0)


def warn(user, device):
    """Tell a person that somebody guesses codes, after a wrong code of her app or a wrong recovery code."""
    if device.throttling_failure_count < FEW:
        return
    since = timezone.now() - DAY
    entries = ModelLogEntry.objects.filter(action=GUESSED, object_id=str(user.pk), timestamp__gt=since)
    if not entries.exists():
        log(user, GUESSED)
        tell(
            user,
            [
                _("Somebody typed your password, and then wrong codes."),
                _("If it was not you, somebody knows your password. Choose a new one."),
                _("After 100 wrong codes, only a recovery code opens your account for a day."),
            ],
            None,
        )
