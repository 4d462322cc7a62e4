"""Stamps of the contact form: signed, with the time when the form was made, and good for one message."""

import time

from django.core.signing import Signer
from django.utils.crypto import get_random_string

# Seconds for which a form can be sent after it was made. `MessageForm.problems` names the hours.
LIFETIME = 12 * 3600
# The end of a stamp for the second try of a message that had to wait.
SECOND = "-second"

signer = Signer(salt="home.contact")


def new_stamp(is_second=False):
    return signer.sign(f"{int(time.time())}-{get_random_string(22)}{SECOND if is_second else ''}")


def age_of(stamp):
    """Return the seconds since a stamp was made. Raises BadSignature if it is forged."""
    return time.time() - int(signer.unsign(stamp).partition("-")[0])


def is_second(stamp):
    return signer.unsign(stamp).endswith(SECOND)
