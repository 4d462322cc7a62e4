from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in to write, review or administer the site."""

    # When she set up an app that shows codes; null without one.
    second_factor_since = models.DateTimeField(_("second factor since"), null=True, editable=False)

    @property
    def language(self):
        """The language in which the person uses the admin."""
        profile = getattr(self, "wagtail_userprofile", None)
        return (profile and profile.preferred_language) or settings.LANGUAGE_CODE

    def get_session_auth_hash(self):
        """Return a value whose change ends all sessions: it depends on the password and the second factor."""
        hashed = super().get_session_auth_hash()
        return f"{hashed} {self.second_factor_since.timestamp()}" if self.second_factor_since else hashed
