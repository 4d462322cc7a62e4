"""Detect the encoding of text files, and repair text that was decoded with the wrong one."""

import codecs
import re
from dataclasses import dataclass
from itertools import islice

# Encodings of files that don't state theirs, with the names that people know.
OLD_ENCODINGS = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "MS-DOS (850)"}
ACCENTED = set("áéíóúñüàèìòùâêîôûäëïöçãõåæøœßÿšžÁÉÍÓÚÑÜÀÈÌÒÙÂÊÎÔÛÄËÏÖÇÃÕÅÆØŒŠŽ")
PUNCTUATION = set("’‘“”–—…«»•€£©®™°§¡¿ºª·\N{NO-BREAK SPACE}")
AFFECTED = re.compile(r"[^\s,;|\"]{0,40}[^\x00-\x7f\s][^\s,;|\"]{0,40}")
MAX_SAMPLES = 5
# Characters that are looked at to choose an encoding.
MAX_JUDGED = 20_000


@dataclass
class Decoded:
    """The text of a file. If we had to guess the encoding, its name, and words that another would change."""

    text: str
    encoding: str = ""
    samples: tuple = ()


def decode(content):
    """Decode text in UTF-16, UTF-8 or another encoding. Raises UnicodeDecodeError if it is not text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(content.decode("utf-16"))
    if content[:200].count(0) > len(content[:200]) / 5:
        return utf_16(content)
    try:
        return Decoded(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        if b"\0" in content:
            raise
    texts = {}
    for name in OLD_ENCODINGS:
        try:
            texts[name] = content.decode(name)
        except UnicodeDecodeError:
            continue
    best = max(texts, key=lambda name: likelihood(texts[name]))
    return Decoded(texts[best], OLD_ENCODINGS[best], samples_of(texts[best]))


def utf_16(content):
    """Decode UTF-16 without a byte order mark. In Western text, every second byte is NUL."""
    name = "utf-16-le" if content[1:200:2].count(0) > content[:200:2].count(0) else "utf-16-be"
    text = content.decode(name)
    if sum(map(str.isascii, text[:1000])) < len(text[:1000]) / 2 or "\0" in text:
        raise UnicodeDecodeError(name, content, 0, len(content), "not text")
    return Decoded(text, "UTF-16", samples_of(text))


def samples_of(text):
    found = (match[0] for match in islice(AFFECTED.finditer(text), 200))
    return tuple(dict.fromkeys(found))[:MAX_SAMPLES]


def likelihood(text):
    """Rate how much a text looks like words of a Western language."""
    total = 0
    for match in islice(re.finditer(r"[^\x00-\x7f]", text), MAX_JUDGED):
        place, letter = match.start(), match[0]
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if letter in ACCENTED:
            # Capitals are rare inside of words.
            inside = before.islower() or (before.isalpha() and after.islower())
            total += -2 if letter.isupper() and inside else 2
        elif letter == "’":
            total += 2 if before.isalpha() and after.isalpha() else 1
        else:
            total += 1 if letter in PUNCTUATION else -3
    return total


def _characters(name):
    """Return the 256 characters of an encoding. Undefined bytes stand for themselves, as on Windows."""
    found = []
    for byte in range(256):
        try:
            found.append(bytes([byte]).decode(name))
        except UnicodeDecodeError:
            found.append(chr(byte))
    return "".join(found)


def _likely(characters):
    """Return a pattern for what UTF-8 accents, quotation marks and dashes become in an encoding."""
    rest = re.escape(characters[0x80:0xC0])
    first, second = re.escape(characters[0xC2:0xC6]), re.escape(characters[0xE2])
    return re.compile(f"[{first}][{rest}]|{second}[{rest}]{{2}}")


ENCODERS = [
    (codecs.charmap_build(characters), _likely(characters))
    for characters in map(_characters, ("cp1252", "mac_roman"))
]
# One pair such as "É»" can be the end of a quoted word. Three of them, and no other such characters, can't.
MIN_PAIRS = 3
# Nobody types these, so text that would become one of them was decoded correctly.
CONTROLS = re.compile(r"[\x80-\x9f]")


def restored(text):
    """Repair text that was UTF-8 but was decoded with an old encoding: "CafÃ©" becomes "Café"."""
    if text.isascii():
        return text
    for encoder, likely in ENCODERS:
        try:
            found = codecs.charmap_encode(text, "strict", encoder)[0].decode()
        except UnicodeError:
            continue
        if CONTROLS.search(found):
            continue
        if likely.search(text) or len(found) - len(found.encode("ascii", "ignore")) >= MIN_PAIRS:
            return found
    return text


def has_lost_characters(text):
    """Return whether a text was decoded with a wrong encoding in a way that cannot be repaired."""
    return "\N{REPLACEMENT CHARACTER}" in text and any(likely.search(text) for _encoder, likely in ENCODERS)
