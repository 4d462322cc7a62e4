"""Check copies of web pages that other programs made, in WACZ files. Nothing here imports Django."""

import json
from hashlib import sha256

# The list of the files and their hashes.
PACKAGE = "datapackage.json"
# What else such a file has, beside what the list names.
ALONE = {PACKAGE, "datapackage-digest.json"}
MAX_CHARACTERS = 200_000


def read_pages(archive):
    """
    Return whether an archive is a whole WACZ, and the text of the pages in it.

    Nothing is taken out of it but this text: readers download the file as it is.
    """
    names = [part.filename for part in archive.infolist() if not part.is_dir()]
    is_plain = len(set(map(str.lower, names))) == len(names) and not any(map(leads_out, names))
    resources = json.loads(archive.read(PACKAGE))["resources"] if PACKAGE in names else []
    listed = {each["path"]: each["hash"] for each in resources}
    has_records = any(name.startswith("archive/") and ".warc" in name for name in listed)
    is_whole = set(names) - ALONE == set(listed) and all(
        told == f"sha256:{digest(archive, name)}" for name, told in listed.items()
    )
    is_valid = is_plain and has_records and is_whole
    return {"is_valid": is_valid, "text": text_in(archive, names) if is_valid else ""}


def leads_out(name):
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def digest(archive, name):
    found = sha256()
    with archive.open(name) as part:
        while block := part.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def text_in(archive, names):
    """Return what lists of pages say about the words of each page."""
    words = []
    for name in names:
        if name.startswith("pages/") and name.endswith(".jsonl"):
            for line in archive.read(name).decode().splitlines():
                text = json.loads(line).get("text") if line.startswith("{") else None
                words += [text] if isinstance(text, str) else []
    return "\n\n".join(words)[:MAX_CHARACTERS]
