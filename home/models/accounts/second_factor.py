"""The second factor for signing in: an app that shows codes, and recovery codes."""

from django.utils.crypto import get_random_string, salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice


class AuthenticatorApp(TOTPDevice):
    """
    An app that shows a code of six digits.

    The key of the app is derived from SECRET_KEY and the stored key, so a stolen database shows no codes.
    """

    wagtail_reference_index_ignore = True

    class Meta:
        proxy = True

    @property
    def bin_key(self):
        return salted_hmac("home.AuthenticatorApp", self.key).digest()


class RecoveryCodes(StaticDevice):
    """The recovery codes of a person, each of which works once. Only keyed hashes of them are stored."""

    NUMBER, LENGTH = 10, 12

    wagtail_reference_index_ignore = True

    class Meta:
        proxy = True

    def make(self):
        """Replace all codes, and return the new ones. They can't be read again."""
        codes = [get_random_string(self.LENGTH, "0123456789") for _number in range(self.NUMBER)]
        self.token_set.all().delete()
        StaticToken.objects.bulk_create(StaticToken(device=self, token=self.hashed(code)) for code in codes)
        return codes

    def verify_token(self, token):
        return super().verify_token(self.hashed(token))

    @staticmethod
    def hashed(code):
        # The column has 16 characters.
        return salted_hmac("home.RecoveryCodes", code).hexdigest()[:16]
