"""The second factor for signing in: who needs one, checking codes, and changes to it."""

import re

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticToken

from home.accounts import guesses, throttle
from home.accounts.doors import SECOND_FACTOR
from home.accounts.log import log, log_sign_in
from home.accounts.mails import tell
from home.accounts.sessions import may_publish
from home.models import AuthenticatorApp, RecoveryCodes, User

# The key in the session that says that the person has given a code.
PASSED = "has_passed_second_factor"
# The actions in the audit log, and what a mail tells the person.
SET_UP, CODES_MADE, CODE_USED, REMOVED, RESET = (
    f"home.second_factor.{action}" for action in ("set_up", "make_codes", "use_code", "remove", "reset")
)
SENTENCES = {
    SET_UP: _("An app that shows codes for signing in was set up for your account."),
    CODES_MADE: _("New recovery codes were made for your account. The old ones no longer work."),
    CODE_USED: _("One of your recovery codes was used for signing in to your account."),
    REMOVED: _("Codes for signing in were turned off. Your account is open with the password alone."),
    RESET: _(
        "The codes for signing in to your account were reset: your app and your recovery codes no longer "
        "work. If your account needs codes, set up the app again when you next sign in."
    ),
}


def is_required(user):
    """Return whether a person needs a second factor: administrators do, and whoever may publish."""
    return settings.SECOND_FACTOR_REQUIRED and may_publish(user)


def has_passed(request, user):
    """Return whether a person who gave her password may go on without giving a code."""
    if user.second_factor_since:
        return request.session.get(PASSED, False)
    return not is_required(user)


def on_password(sender, request, user, **kwargs):
    """Signal receiver: log that a person signed in, unless a code is missing."""
    if has_passed(request, user):
        log_sign_in(sender, user)


def let_in(request, had_passed=False):
    """Note in the session that the user gave a code, give the session a new key, and log the sign-in."""
    forgive_tries(request)
    request.session[PASSED] = True
    update_session_auth_hash(request, request.user)
    if not had_passed:
        log_sign_in(None, request.user)


def forgive_tries(request):
    """Uncount the tries of a user who gave a right code or password."""
    throttle.forgive(request, SECOND_FACTOR, request.user.pk)


@transaction.atomic
def is_accepted(user, code):
    """Return whether a code of the app, or a recovery code, is valid. Each is accepted once."""
    model = RecoveryCodes if is_recovery_code(code) else AuthenticatorApp
    # Lock the row, so that of two simultaneous requests only one is accepted.
    device = model.objects.select_for_update().filter(user=user).first()
    if device is None or (model is AuthenticatorApp and guesses.is_refused(device)):
        return False
    if not device.verify_token(digits(code)):
        guesses.warn(user, device)
        return False
    if is_recovery_code(code):
        guesses.accept_app_again(user)
        report(CODE_USED, user, user)
    return True


def is_recovery_code(code):
    return len(digits(code)) == RecoveryCodes.LENGTH


def digits(code):
    """Return a code without the spaces between groups of digits."""
    return re.sub(r"[\s-]", "", code)


@transaction.atomic
def set_up(user, key, code):
    """Set up an app in place of an earlier one. Returns new recovery codes, or None if the code is wrong."""
    _lock(user)
    app = AuthenticatorApp.objects.create(user=user, key=key)
    if not app.verify_token(digits(code)):
        app.delete()
        return None
    AuthenticatorApp.objects.filter(user=user).exclude(pk=app.pk).delete()
    _change(user, timezone.now())
    report(SET_UP, user, user)
    return _new_codes(user)


@transaction.atomic
def make_codes(user):
    """Replace the recovery codes of a person, and return the new ones."""
    _lock(user)
    report(CODES_MADE, user, user)
    return _new_codes(user)


def _lock(user):
    """Let simultaneous changes, as by a double click, happen one after another."""
    User.objects.select_for_update().get(pk=user.pk)


def _new_codes(user):
    return RecoveryCodes.objects.get_or_create(user=user)[0].make()


def codes_left(user):
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def remove(user, action, by):
    """Remove the second factor of a person, which ends her sessions. The action is REMOVED or RESET."""
    forget(user)
    report(action, user, by)


def forget(user):
    AuthenticatorApp.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()
    _change(user, None)


def _change(user, since):
    user.second_factor_since = since
    user.save(update_fields=["second_factor_since"])


def report(action, user, by):
    """Log a change by a user, or by nobody at the command line, and mail it to the person."""
    log(user, action, user=by)
    tell(user, [SENTENCES[action]], by)
