"""A key of the inbox that opens fast, and what is sealed with it."""

import json

import pyrage
from django.db import transaction

from home.models import ContactMessage, ContactPage, InboxKey
from home.sealing.erasing import erase_for_good

PASSPHRASE = "lantern otter velvet quarry"
PUBLIC = "age1hz9y0rrekyhgey8nfrjazhgvyg4l0qg0x8ptk7ct2ugjjmk9xefssj9h49"
PRIVATE = "AGE-SECRET-KEY-1AP664XNLD04MJ5NVE50UDQYGCJFHQ42MLDJSMQ44L3GJACT8CXJQTF6X70"
# Encrypted with the passphrase and the fewest rounds, unlike keys that browsers make.
ENCRYPTED = """-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBITThhbVhpaVJGdTNFWkow
UlpvcFF3IDIKc1g5ZmJ1VktKRE5SMjNRWndMMmF4NDBrNmtsNGxOTXFLQms3VjEw
Nmd4MAotLS0gV2FGQ2M0QTYzMFU0bWQ2citWRmJWdy9GZHpVUTlhdEpZTEsxL21h
QWlJNAqyF7zz6wrnc0o1sbeRLgWpKjNrFEg++ZfaHiDBCuqjwixt7L4lGwERfTbj
Nz3wgnsilEI7sTMfGpnzm8bT/gDl95tF1HMAUbu15aUoBy/ZASGVOGalwaHCvENv
Wa/qVIGvHkjFLfFD2yrKmQ==
-----END AGE ENCRYPTED FILE-----
"""


def make_key():
    return InboxKey.objects.create(public=PUBLIC, private=ENCRYPTED)


def unseal(text, private=PRIVATE):
    """Return the data in a sealed text."""
    return json.loads(pyrage.decrypt(text.encode(), [pyrage.x25519.Identity.from_str(private)]))


def send(page, words, **answers):
    """Store a message as the contact form does."""
    ContactMessage.objects.receive(page, {"your_message": words, "how_can_we_reach_you": ""} | answers)
    return ContactMessage.objects.latest("pk")


def fill(public=PUBLIC):
    """Seal the inbox of a served site, and let it announce messages."""
    ContactPage.objects.update(to_address="editors@example.org")
    with transaction.atomic():
        key = InboxKey.objects.create(public=public, private=ENCRYPTED)
        ContactMessage.objects.seal_plain(key)
        erase_for_good()
