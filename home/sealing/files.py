"""
Encrypted files in the age format (https://age-encryption.org), with which messages are sealed.

leadwatch/static/site_admin/sealing.js writes and reads the same files in the browser.
"""

import json
import re
from base64 import b64decode

import pyrage

# Content is padded to 1, 4, 16, 64, ... kB, so that the length of a file tells little about it.
SMALLEST, FACTOR = 1024, 4
ARMORED = re.compile(
    r"-----BEGIN AGE ENCRYPTED FILE-----\s([A-Za-z0-9+/=\s]+)-----END AGE ENCRYPTED FILE-----\s*"
)
HEADER = re.compile(rb"age-encryption\.org/v1\n-> (\w+) ")


class SealingError(Exception):
    """A text could not be encrypted. This quotes nothing of it."""


def seal(content, public_key):
    """Encrypt plain data as an armored file that only the private key opens. Raises SealingError."""
    try:
        recipient = pyrage.x25519.Recipient.from_str(public_key)
        text = json.dumps(content, ensure_ascii=False).encode()
        return pyrage.encrypt(padded(text), [recipient], armored=True).decode()
    except Exception as error:
        # Without the cause, which may quote the text.
        raise SealingError(type(error).__name__) from None


def padded(text):
    """Return JSON with spaces at the end, which mean nothing."""
    size = SMALLEST
    while size < len(text):
        size *= FACTOR
    return text.ljust(size)


def kind_of(text):
    """Return what opens an armored file: "X25519" for a private key, "scrypt" for a passphrase, else None."""
    try:
        armored = ARMORED.fullmatch(text)
        header = armored and HEADER.match(b64decode(armored[1]))
    except ValueError:  # The padding is wrong.
        return None
    return header[1].decode() if header else None


def is_public_key(text):
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True
