"""Reasons why a request to another site failed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    ADDRESS = "address", _("This is not a web address.")
    NO_SITE = "no-site", _("There is no such site.")
    PRIVATE = "private", _("The address is not on the public internet.")
    NETWORK = "network", _("Our network could not reach it.")
    SILENT = "silent", _("It does not answer.")
    CERTIFICATE = "certificate", _("Its certificate is not valid, so browsers show a warning.")
    BROKEN = "broken", _("The connection broke.")
    SLOW = "slow", _("It takes too long.")
    LOOP = "loop", _("It redirects too many times.")
    LARGE = "large", _("It is too large.")
    GONE = "gone", _("It is not there.")
    ERROR = "error", _("The other site has an error.")
    BUSY = "busy", _("The other site is busy.")
    CLOSED = "closed", _("The other site does not show it to everyone.")
    ROBOTS = "robots", _("The other site does not allow automatic checks.")


class FetchError(ValueError):
    """A request that failed; `reason` and `str()` say why."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason

    def __str__(self):
        return str(self.reason.label)
