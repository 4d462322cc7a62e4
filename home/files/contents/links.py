"""Links in uploaded files."""

import re

# Followed by a click, these run a program or open a file of the reader's computer or network.
HARMFUL = re.compile(r"[\\/]{2}|vnd\.[a-z.]+:|(?!(?:https?|mailto|tel|ftp):)[a-z][a-z0-9+-]*:", re.IGNORECASE)
# Programs ignore these within an address.
IGNORED = re.compile(r"[\x00-\x20]")


def is_harmful(address):
    text = address.decode("latin-1") if isinstance(address, bytes) else str(address)
    return bool(HARMFUL.match(IGNORED.sub("", text)))
