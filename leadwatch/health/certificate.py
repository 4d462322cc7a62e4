"""The end of the certificate that visitors get. The scheduler asks our own web server for it once a day."""

import socket
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT = 10  # Seconds.


def ask():
    """Connect to the site as a visitor would. Keep the end of its certificate, and return it."""
    # Only the scheduler needs it.
    from cryptography import x509

    address = urlsplit(settings.BASE_URL)
    # A certificate that has ended or that nobody signed has an end, too.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((address.hostname, address.port or 443), TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=address.hostname) as encrypted,
    ):
        certificate = x509.load_der_x509_certificate(encrypted.getpeercert(binary_form=True))
    end = certificate.not_valid_after_utc
    _file().parent.mkdir(exist_ok=True)
    _file().write_text(end.isoformat())
    return end


def known_end():
    """Return the end of the certificate as it was last seen, or None."""
    try:
        return datetime.fromisoformat(_file().read_text())
    except (OSError, ValueError):
        return None


def _file():
    return settings.DATA_DIR / "background" / "certificate"
