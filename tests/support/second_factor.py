"""A person's app that shows codes."""

import time

from django_otp.oath import TOTP

from home.accounts.second_factor import PASSED
from home.accounts.second_factor import set_up as set_up_app
from home.models import AuthenticatorApp

KEY = "0123456789abcdef0123456789abcdef01234567"


def code_of(app, later=0):
    """
    Return the code that the app shows.

    :param later: after how many half minutes.
    """
    totp = TOTP(app.bin_key, app.step, app.t0, app.digits)
    totp.time = time.time() + later * app.step
    return f"{totp.token():06}"


def set_up(user):
    """Give a person an app. Returns the app and the recovery codes."""
    codes = set_up_app(user, KEY, code_of(AuthenticatorApp(user=user, key=KEY)))
    return AuthenticatorApp.objects.get(user=user), codes


def pass_second_factor(client):
    """Let the client, who is signed in, go on as if a code had been given."""
    session = client.session
    session[PASSED] = True
    session.save()
